using System.Globalization;
using WgHub.Hosting;

namespace WgHub.Features.Import;

/// <summary>
/// Reads a file of wg-quick(8), with what tools write into its comments: names, and peers that are switched off. Commands in it
/// are told and never run.
/// </summary>
internal sealed class ConfSource
{
    private const string Disabled = "#[disabled] "; // how PiVPN switches a client off

    private readonly List<ImportedPeer> _peers = [];
    private readonly List<string> _notices = [];
    private readonly List<string> _comments = [];
    private readonly Dictionary<string, List<string>> _hub = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, List<string>>? _section;
    private bool _isEnabled;
    private string? _name;

    /// <exception cref="Web.AppException">VALIDATION_FAILED: it is no such file.</exception>
    public static ImportSource Read(string text, string kind = "wg-quick")
    {
        var reader = new ConfSource();
        foreach (var line in text.Split('\n'))
        {
            reader.Take(line.Trim());
        }

        reader.EndSection();
        return reader._hub.Count + reader._peers.Count == 0
            ? throw ImportErrors.Unreadable("It holds no [Interface] and no [Peer].")
            : new(kind, reader.Hub(), reader._peers, reader._notices);
    }

    private void Take(string line)
    {
        var isOff = line.StartsWith(Disabled, StringComparison.Ordinal);
        line = isOff ? line[Disabled.Length..].Trim() : line;
        if (line.StartsWith('#'))
        {
            _comments.Add(line);
        }
        else if (line.StartsWith('['))
        {
            EndSection();
            Begin(line, !isOff);
        }
        else if (line.Split('#')[0].Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } key, var value])
        {
            if (_section is null)
            {
                throw ImportErrors.Unreadable("A setting stands before any [Interface] or [Peer].");
            }

            NamePeer();
            _section.TryAdd(key, []);
            _section[key]
                .AddRange(ConfNotices.IsHook(key) ? [value] : value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        else if (line.Length > 0)
        {
            throw ImportErrors.Unreadable("A line of it is no setting of WireGuard.");
        }
    }

    private void Begin(string line, bool isEnabled)
    {
        var title = line.Split('#')[0].Trim();
        (_isEnabled, _name) = (isEnabled, null);
        if (title.Equals("[Peer]", StringComparison.OrdinalIgnoreCase))
        {
            _section = new(StringComparer.OrdinalIgnoreCase);
            NamePeer();
        }
        else if (title.Equals("[Interface]", StringComparison.OrdinalIgnoreCase) && _hub.Count == 0)
        {
            _section = _hub;
            _comments.Clear();
        }
        else
        {
            throw ImportErrors.Unreadable("It has a section that is no [Peer], or a second [Interface].");
        }
    }

    /// <summary>A comment belongs to what follows it: a peer's name stands before its [Peer] or below it.</summary>
    private void NamePeer()
    {
        _name ??= ConfComment.NameIn(_comments);
        _comments.Clear();
    }

    private void EndSection()
    {
        if (_section is not null && _section != _hub)
        {
            if (_peers.Count == ImportSource.MostPeers)
            {
                throw ImportErrors.Unreadable("It has too many peers.");
            }

            _peers.Add(
                new(
                    _name, One(_section, "PublicKey") ?? "", SecretOf(_section, "PresharedKey"),
                    All(_section, "AllowedIPs"))
                { IsEnabled = _isEnabled, Remarks = [.. RemarksOf(_section)] });
        }

        _section = null;
    }

    private ImportedHub? Hub()
    {
        if (_hub.Count == 0)
        {
            return null;
        }

        if (_hub.ContainsKey("Jc") || _hub.ContainsKey("H1"))
        {
            throw ImportErrors.Unreadable("It is for AmneziaWG, another protocol: its clients cannot speak with this hub.");
        }

        foreach (var (key, told) in ConfNotices.NotTakenOver)
        {
            _notices.AddRange(All(_hub, key).Select(value => ConfNotices.Sentence(key, value, told)));
        }

        return new(SecretOf(_hub, "PrivateKey"), Number(_hub, "ListenPort"), All(_hub, "Address"), Number(_hub, "MTU"), null, []);
    }

    private static IEnumerable<string> RemarksOf(Dictionary<string, List<string>> peer)
    {
        if (One(peer, "Endpoint") is { } endpoint)
        {
            yield return $"The hub called it at {endpoint}. From the next start of the machine on it has to call the hub.";
        }

        if (One(peer, "PersistentKeepalive") is { } seconds and not "0" and not "off")
        {
            yield return $"The hub kept the way open to it every {seconds} s. From the next start of the machine on that is its own to do.";
        }
    }

    private static Secret? SecretOf(Dictionary<string, List<string>> section, string key) => One(section, key) is { } text ? new(text) : null;

    private static int? Number(Dictionary<string, List<string>> section, string key) =>
        int.TryParse(One(section, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? One(Dictionary<string, List<string>> section, string key) =>
        section.TryGetValue(key, out var values) && values.Count > 0 ? values[^1] : null;

    private static List<string> All(Dictionary<string, List<string>> section, string key) => section.GetValueOrDefault(key) ?? [];
}
