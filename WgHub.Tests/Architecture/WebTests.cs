using System.Text.RegularExpressions;

namespace WgHub.Architecture;

/// <summary>Web serves every room and knows the addresses of none: a room says them itself.</summary>
public sealed partial class WebTests
{
    /// <summary>What is in front of the rooms' calls, and Web's own.</summary>
    private static readonly string[] Own = ["", "a", "api", "openapi", "{*path}"];

    [Fact]
    public void No_address_of_a_room_stands_in_Web()
    {
        string[] rooms = [.. EndpointTests.Decided.Select(row => row.Data.Item2.Split('/')[1]).Distinct().Except(Own)];
        var words = Sources.OfTheHub(".cs").Where(file => file.Room == "Web").SelectMany(
            file => file.Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).SelectMany(line => Path().Matches(line)),
            (file, match) => (File: file, Path: match.Value, First: match.Groups["first"].Value)).ToList();

        Assert.Contains("spokes", rooms);
        Assert.Contains(words, word => word.Path == "/a/{file}");
        Assert.Empty(
            words.Where(word => rooms.Contains(word.First) || word.Path.StartsWith("/api/", StringComparison.Ordinal))
                .Select(word => $"{word.File}: {word.Path}"));
    }

    /// <summary>Who reads a page has not the source beside it: what a file there says has to stand on the page, or behind a link.</summary>
    [Fact]
    public void No_page_names_a_file_that_only_the_source_has()
    {
        var pages = Sources.OfTheHub(".cshtml").ToList();

        Assert.NotEmpty(pages);
        Assert.Empty(pages.Where(page => File().IsMatch(page.Text)).Select(page => page.ToString()));
    }

    /// <summary>Not an address, which begins with a slash.</summary>
    [GeneratedRegex("(?<!/)docs/")]
    private static partial Regex File();

    /// <summary>A path in a text, a pattern's too; not a closing tag, a media type or what follows a host.</summary>
    [GeneratedRegex(@"(?<![\w</.*)])/(?<first>[a-z{][-\w]*)[-\w/{}*.]*")]
    private static partial Regex Path();
}
