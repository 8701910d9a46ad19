namespace WgHub.Bench;

/// <summary>The file that the last recorded run stands in, below what is said about it by hand.</summary>
internal sealed class Results(string file)
{
    private const string Heading = "\n## The last recorded run\n\n";

    public string Read() => File.ReadAllText(file) is var text && text.IndexOf(Heading, StringComparison.Ordinal) is >= 0 and var at ? text[at..] : "";

    public void Write(string run)
    {
        var text = File.ReadAllText(file);
        var end = text.IndexOf(Heading, StringComparison.Ordinal);
        File.WriteAllText(file, $"{(end < 0 ? text : text[..end])}{Heading}{run.TrimEnd()}\n");
    }

    /// <summary>What kind of build a program is: the published one needs nothing beside it.</summary>
    public static string KindOf(string binary) =>
        !File.Exists($"{binary}.dll") ? "published as one file" : binary.Contains("/release/", StringComparison.Ordinal) ? "Release build" : "Debug build";
}
