using System.Reflection;

namespace WgHub.Web;

/// <summary>Which build this is.</summary>
internal static class BuildInfo
{
    private static readonly string[] Parts =
        (typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+', 2);

    public static string Version => Parts[0];

    /// <summary>The commit it was built from, shortened; <c>unknown</c> outside of a checkout.</summary>
    public static string Commit => Parts.Length > 1 ? Parts[1][..Math.Min(12, Parts[1].Length)] : "unknown";
}
