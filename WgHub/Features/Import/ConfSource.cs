using System.Globalization;
using WgHub.Hosting;

namespace WgHub.Features.Import;

/// <summary>
/// Reads a file as wg(8) and wg-quick(8) do, with what tools write into its comments: names, and peers that are switched off. Commands in it
/// are told and never run.
/// </summary>
internal sealed class ConfSource
{
    /// <summary>What a file is called that nobody else calls anything.</summary>
    public const string WgQuick = "wg-quick";

    private const string Disabled = "#[disabled] "; // how PiVPN switches a client off
    private const int LinesBetweenLooks = 1_000;

    private readonly List<ImportedPeer> _peers = [];
    private readonly List<string> _notices = [];
    private readonly PeerNaming _naming = new();
    private readonly Dictionary<string, List<string>> _hub = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, List<string>>? _section;
    private bool _isEnabled;

    /// <exception cref="Web.AppException">VALIDATION_FAILED: it is no such file.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static ImportSource Read(string text, string kind, CancellationToken cancellationToken)
    {
        var reader = new ConfSource();
        var count = 0;
        foreach (var line in text.AsSpan().SplitAny('\n', '\r'))
        {
            if (++count % LinesBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            reader.Take(text.AsSpan()[line].Trim().ToString());
        }

        reader.EndSection();
        return reader._hub.Count + reader._peers.Count == 0
            ? throw ImportErrors.Unreadable("It holds no [Interface] and no [Peer].")
            : new(kind, reader.Hub(), reader.Peers(), reader._notices);
    }

    private void Take(string line)
    {
        var isOff = line.StartsWith(Disabled, StringComparison.Ordinal);
        line = isOff ? line[Disabled.Length..].Trim() : line;
        if (line is ['#' or ';', ..])
        {
            _naming.Comment(line);
            return;
        }

        var mark = line.IndexOf('#', StringComparison.Ordinal);
        var (rest, comment) = mark < 0 ? (line, null) : (line[..mark].Trim(), line[mark..]);
        if (rest is ['[', ..])
        {
            EndSection();
            Begin(rest, !isOff);
            _naming.Behind(comment, NameRank.BehindHeader);
        }
        else if (rest.Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } key, var value])
        {
            Add(key, value);
            _naming.Behind(comment, NameRank.BehindSetting);
        }
        else if (rest.Length > 0)
        {
            throw ImportErrors.Unreadable("A line of it is no setting of WireGuard.");
        }
    }

    private void Add(string key, string value)
    {
        if (_section is null)
        {
            throw ImportErrors.Unreadable("A setting stands before any [Interface] or [Peer].");
        }

        _naming.Settle();
        if (!_section.TryGetValue(key, out var values))
        {
            _section[key] = values = [];
        }

        // wg-quick takes spaces for commas; wg overlooks them.
        var isHub = ReferenceEquals(_section, _hub);
        IEnumerable<string> read = ConfNotices.IsHook(key) ? [value] : isHub ? value.Split([',', ' ', '\t']) : WithoutSpaces(value).Split(',');
        values.AddRange(read.Where(part => part.Length > 0));
    }

    private void Begin(string line, bool isEnabled)
    {
        var title = WithoutSpaces(line);
        if (title.Equals("[Peer]", StringComparison.OrdinalIgnoreCase))
        {
            (_section, _isEnabled) = (new(StringComparer.OrdinalIgnoreCase), isEnabled);
            _naming.BeginPeer();
        }
        else if (title.Equals("[Interface]", StringComparison.OrdinalIgnoreCase))
        {
            _section = _hub; // a second one goes on with the first
            _naming.BeginHub();
        }
        else
        {
            throw ImportErrors.Unreadable("It has a section that is no [Peer] and no [Interface].");
        }
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
                new(_naming.Name, One(_section, "PublicKey") ?? "", SecretOf(_section, "PresharedKey"), All(_section, "AllowedIPs"))
                { IsEnabled = _isEnabled, CalledAt = One(_section, "Endpoint"), Remarks = [.. RemarksOf(_section)] });
        }

        _section = null;
    }

    /// <summary>Where wg-quick saves what the interface has, an endpoint is where a peer was seen last, and none that somebody wrote.</summary>
    private List<ImportedPeer> Peers() =>
        string.Equals(One(_hub, "SaveConfig"), "true", StringComparison.OrdinalIgnoreCase) ? [.. _peers.Select(peer => peer with { CalledAt = null })] : _peers;

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

        _notices.AddRange(ConfNotices.Of(key => All(_hub, key)));
        return new(SecretOf(_hub, "PrivateKey"), Number(_hub, "ListenPort"), All(_hub, "Address"), Number(_hub, "MTU"), null, []);
    }

    private static IEnumerable<string> RemarksOf(Dictionary<string, List<string>> peer)
    {
        if (One(peer, "PersistentKeepalive") is { } seconds and not "0" and not "off")
        {
            yield return $"The hub kept the way open to it every {seconds} s. From the next start of the machine on that is its own to do.";
        }
    }

    private static string WithoutSpaces(string text) => text.Any(char.IsWhiteSpace) ? string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : text;

    private static Secret? SecretOf(Dictionary<string, List<string>> section, string key) => One(section, key) is { } text ? new(text) : null;

    /// <returns>Null when it is missing, none, or 0: then it is the system's to choose.</returns>
    private static int? Number(Dictionary<string, List<string>> section, string key) =>
        int.TryParse(One(section, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static string? One(Dictionary<string, List<string>> section, string key) =>
        section.TryGetValue(key, out var values) && values.Count > 0 ? values[^1] : null;

    private static List<string> All(Dictionary<string, List<string>> section, string key) => section.GetValueOrDefault(key) ?? [];
}
