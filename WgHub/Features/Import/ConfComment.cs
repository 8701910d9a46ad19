using System.Text.RegularExpressions;

namespace WgHub.Features.Import;

/// <summary>Finds a peer's name in the comments around it. Each tool has its own way of writing it.</summary>
internal static partial class ConfComment
{
    private const int LongestName = 200;

    /// <returns>Null when none of them is a name.</returns>
    public static string? NameIn(IReadOnlyList<string> comments)
    {
        var told = comments.Where(comment => comment.Length <= LongestName && !Key().IsMatch(comment)).ToList();
        return told.Select(comment => Named().Match(comment)).FirstOrDefault(match => match.Success)?.Groups["name"].Value
            ?? told.Where(comment => !Other().IsMatch(comment)).Select(comment => comment.Trim('#', ' ', '\t')).LastOrDefault(text => text.Length > 0);
    }

    // PiVPN "### begin NAME ###"; "# BEGIN_PEER NAME"; "### Client NAME"; wg-easy "# Client: NAME (id)";
    // wg-portal "# -WGP- Display name: NAME"; "# friendly_name = NAME"; "# Name = NAME" and "# Name: NAME".
    [GeneratedRegex(
        @"\A#+\s*(begin_peer\b|begin\b|client\b:?|(-WGP-\s*)?display name\s*:|friendly_name\s*=|name\s*[:=])\s*(?<name>.*?)\s*(###)?(\([0-9a-f-]{1,36}\))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    /// <summary>The end of a peer, and facts about it that are no name.</summary>
    [GeneratedRegex(@"\A#+\s*(end\b|end_peer\b|[\w -]{1,30}[:=])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Other();

    /// <summary>Some tools write private keys into comments: no such line is looked at.</summary>
    [GeneratedRegex("[A-Za-z0-9+/]{43}=", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
