using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>A file of the product as it stands in the checkout.</summary>
/// <param name="Path">From the repository's root, such as <c>WgHub/Web/Access.cs</c>.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Its folder as a namespace: <c>Features.Tokens</c>, <c>Web</c>, or empty for the root.</summary>
    public string Room => Path.Split('/')[1..^1] switch
    {
        ["Features", var room, ..] => $"Features.{room}",
        [var room, ..] => room,
        [] => "",
    };

    /// <summary>The same with the folders in that: <c>Features.Auth.Local</c>.</summary>
    public string Folder => string.Join('.', Path.Split('/')[1..^1]);

    public override string ToString() => Path;
}

internal static class Sources
{
    private static readonly string[] Made = ["artifacts", "bin", "dist", "node_modules", "obj"];

    /// <summary>The files of the hub that end so, without what the build made.</summary>
    public static IReadOnlyList<SourceFile> OfTheHub(params string[] endings) => Below(["WgHub"], endings);

    /// <summary>The same of all that we write: the hub, its tests, what it serves and what it sends to spokes.</summary>
    public static IReadOnlyList<SourceFile> OfAll(params string[] endings) =>
        Below(["build", "templates", "WgHub", "WgHub.Bench", "WgHub.Tests", "wwwroot"], endings);

    private static IReadOnlyList<SourceFile> Below(string[] folders, string[] endings) =>
        [.. folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.PathOf("."), file))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)) && !path.Split('/').Any(Made.Contains))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Repository.PathOf(path))))];
}
