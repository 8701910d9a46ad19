using System.Reflection;

namespace WgHub.Hosting;

/// <summary>
/// The files inside the binary, named as in the repository: <c>templates/install/10-main.sh</c>, <c>Storage/Migrations/0001_hub.sql</c>.
/// Assets are <c>wwwroot/NAME</c>, SQLite is <c>native/e_sqlite3</c>.
/// </summary>
internal static class EmbeddedFiles
{
    private static readonly Assembly Binary = typeof(EmbeddedFiles).Assembly;

    /// <summary>The names that start with <paramref name="folder"/>, in ordinal order.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        [.. Binary.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A window on the mapped binary: nothing is copied until it is read.</summary>
    /// <exception cref="FileNotFoundException">The build did not embed such a file.</exception>
    public static UnmanagedMemoryStream Open(string name) =>
        (UnmanagedMemoryStream?)Binary.GetManifestResourceStream(name)
        ?? throw new FileNotFoundException($"The file {name} is not embedded in the binary.", name);

    public static string ReadText(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
