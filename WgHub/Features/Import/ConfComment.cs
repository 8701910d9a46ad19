using System.Globalization;

namespace WgHub.Features.Import;

/// <summary>How likely a comment is a peer's name, the likeliest first.</summary>
internal enum NameRank
{
    /// <summary>It says itself that it is a name.</summary>
    Labelled,

    /// <summary>It stands behind <c>[Peer]</c>.</summary>
    BehindHeader,

    /// <summary>A line of its own, with nothing but words.</summary>
    Plain,

    /// <summary>It says what it is, in a word that is not known here.</summary>
    UnknownLabel,

    /// <summary>It stands behind a setting.</summary>
    BehindSetting,
}

/// <summary>
/// Finds a peer's name in the comments around it. Each tool has its own way of writing it. Each character is looked at a few times at most.
/// </summary>
internal static class ConfComment
{
    private const int LongestName = 200;
    private const int LongestLabel = 30;
    private const int KeyLength = 43; // of base64, before its "="

    /// <summary>
    /// Labels of names: <c># Name: anna</c>, <c># friendly_name = anna</c>, wg-portal's <c># -WGP- Display name: anna</c>, WGDashboard's
    /// <c>#Name# = anna</c>.
    /// </summary>
    private static readonly HashSet<string> NameLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "display name", "friendly_name", "friendly name", "client", "client name", "peer", "peer name", "user", "username", "user name",
        "device", "device name", "host", "hostname", "label",
    };

    /// <summary>Labels of facts that are no name.</summary>
    private static readonly HashSet<string> FactLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        "id", "identifier", "uuid", "uid", "email", "e-mail", "mail", "telegram", "phone", "created", "created at", "updated", "update at",
        "updated at", "date", "added", "expires", "expires at", "expiry", "last seen", "last handshake", "ip", "address", "addresses", "private key",
        "public key", "key", "qr", "friendly_json", "status", "enabled", "disabled", "end", "group", "subnet", "network", "networks", "server", "port",
        "note", "notes", "todo", "interface",
    };

    /// <summary>Settings: a line of them that is commented out is no name.</summary>
    private static readonly HashSet<string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "PublicKey", "PrivateKey", "PresharedKey", "AllowedIPs", "Endpoint", "PersistentKeepalive", "ListenPort", "FwMark", "Address", "DNS", "MTU", "Table",
        "PreUp", "PostUp", "PreDown", "PostDown", "SaveConfig",
    };

    private static readonly HashSet<string> NoNames = new(StringComparer.OrdinalIgnoreCase) { "key", "public key", "pubkey", "psk", "ip", "address", "peer" };

    /// <summary>True for a section that is commented out, such as <c># [Peer]</c>.</summary>
    public static bool IsHeader(string comment) => Bare(comment) is ['[', ..];

    /// <summary>True for a setting that is commented out, such as <c>#AllowedIPs = 10.8.0.2/32</c>.</summary>
    public static bool IsSetting(string comment) => Labelled(Bare(comment)) is { } found && Settings.Contains(found.Label);

    /// <summary>The likeliest of some comments that stand together.</summary>
    /// <returns>Null when none of them is a name.</returns>
    public static (NameRank Rank, string Name)? NameIn(IReadOnlyList<string> comments)
    {
        (NameRank Rank, string Name)? best = null;
        foreach (var comment in comments)
        {
            // Of several that name something the first counts, of plain words the last, which stand nearest.
            if (Read(comment) is { } found
                && (best is not { } other || found.Rank < other.Rank || (found.Rank == other.Rank && found.Rank != NameRank.Labelled)))
            {
                best = found;
            }
        }

        return best;
    }

    private static (NameRank Rank, string Name)? Read(string comment)
    {
        var text = Bare(comment);
        text = text.StartsWith("-WGP-", StringComparison.Ordinal) ? text[5..].TrimStart() : text;
        if (text.Length is 0 or > LongestName || HoldsKey(text) || NoNames.Contains(text))
        {
            return null;
        }

        // wg-gen-web: "anna / anna@example.com / Updated: … / Created: …"
        if (text.Split(" / ") is [var first, .., ['U' or 'C', ..] last] && Labelled(last) is { Label: "Updated" or "Created" })
        {
            return Named(first);
        }

        // PiVPN: "begin anna"; others: "BEGIN_PEER anna", "Client anna"; each with an end of its own.
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var word = (space < 0 ? text : text[..space]).ToUpperInvariant();
        if (word is "END" or "END_PEER")
        {
            return null;
        }

        if (space > 0 && word is "BEGIN" or "BEGIN_PEER" or "CLIENT" && text[space..].TrimStart() is [not (':' or '='), ..] name)
        {
            return Named(name);
        }

        if (Labelled(text) is not { } found)
        {
            return (NameRank.Plain, text);
        }

        return NameLabels.Contains(found.Label) ? Named(found.Value)
            : found.Value.Length == 0 || FactLabels.Contains(found.Label) || Settings.Contains(found.Label) || IsDate(found.Value) ? null
            : (NameRank.UnknownLabel, found.Value);
    }

    /// <summary>Without the id that wg-easy writes behind it: <c>anna (4bc7f7b0-…)</c>.</summary>
    private static (NameRank Rank, string Name)? Named(string text)
    {
        var open = text.LastIndexOf('(');
        var name = open > 0 && text[^1] == ')' && text.Length - open is > 2 and <= 38 && text[(open + 1)..^1].All(c => char.IsAsciiHexDigitLower(c) || c == '-')
            ? text[..open].Trim()
            : text.Trim();
        return name.Length == 0 ? null : (NameRank.Labelled, name);
    }

    /// <summary>Text before and behind the first colon or equals sign, where what is before it may be a label.</summary>
    private static (string Label, string Value)? Labelled(string text)
    {
        var sign = text.AsSpan().IndexOfAny(':', '=');
        if (sign is <= 0 or > LongestLabel)
        {
            return null;
        }

        var label = text[..sign].Trim(' ', '\t', '#');
        return label.Length > 0 && label.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or ' ') ? (label, text[(sign + 1)..].Trim()) : null;
    }

    private static string Bare(string comment) => comment.Trim().TrimStart('#', ';', ' ', '\t').TrimEnd('#', ' ', '\t');

    private static bool IsDate(string text) =>
        char.IsAsciiDigit(text[0]) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Some tools write private keys into comments: no such line is looked at.</summary>
    private static bool HoldsKey(string text)
    {
        var run = 0;
        foreach (var c in text)
        {
            if (c == '=' && run >= KeyLength)
            {
                return true;
            }

            run = char.IsAsciiLetterOrDigit(c) || c is '+' or '/' ? run + 1 : 0;
        }

        return false;
    }
}
