namespace WgHub.TestKit;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WgHub.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No WgHub.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
