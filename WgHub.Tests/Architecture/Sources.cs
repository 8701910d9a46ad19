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

    public override string ToString() => Path;
}

internal static class Sources
{
    /// <summary>The files of the hub that end so, without what the build made.</summary>
    public static IReadOnlyList<SourceFile> OfTheHub(params string[] endings) =>
        [.. Directory.EnumerateFiles(Repository.PathOf("WgHub"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf("."), file))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Repository.PathOf(path))))];
}
