using System.Diagnostics.CodeAnalysis;

namespace WgHub.Hosting;

/// <summary>
/// Where settings come from: the file, then <c>WGHUB_Section__Key</c> from the environment, which wins. A setting that nobody knows stops the
/// start.
/// </summary>
internal static class Settings
{
    private const string Prefix = "WGHUB_";

    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    public static void AddTo(IConfigurationBuilder configuration, string file) =>
        configuration.AddJsonFile(file, optional: true, reloadOnChange: false).AddEnvironmentVariables(Prefix);

    /// <summary>Names of the settings of an options class.</summary>
    public static IEnumerable<string> NamesOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string section) =>
        typeof(T).GetProperties().Select(property => $"{section}:{property.Name}");

    /// <returns>The first setting of the file or the environment that is not in <paramref name="known"/>; null when there is none.</returns>
    public static string? FirstUnknown(string file, IEnumerable<string> known)
    {
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inFile = new ConfigurationBuilder().AddJsonFile(file, optional: true, reloadOnChange: false).Build().AsEnumerable();

        // A variable without a section is no setting: WGHUB_DATA is an option, others belong to whoever started us.
        var inEnvironment = new ConfigurationBuilder()
            .AddEnvironmentVariables(Prefix)
            .Build()
            .AsEnumerable()
            .Where(pair => pair.Key.Contains(':', StringComparison.Ordinal));
        return inFile.Concat(inEnvironment).Where(pair => pair.Value is not null).Select(pair => pair.Key).FirstOrDefault(key => !names.Contains(key));
    }
}
