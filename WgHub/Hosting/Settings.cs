using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

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
        configuration.AddFile(file).AddEnvironmentVariables(Prefix);

    private static IConfigurationBuilder AddFile(this IConfigurationBuilder configuration, string file) => configuration.AddJsonFile(source =>
    {
        (source.Path, source.Optional) = (file, true);
        source.OnLoadException = context => throw new InvalidDataException(Sentence(file, context.Exception.InnerException), context.Exception);
        source.ResolveFileProvider();
    });

    /// <summary>Of the parser's words those that people understand; it counts lines from 0.</summary>
    private static string Sentence(string file, Exception? reason) => reason?.InnerException is JsonException json
        ? $"{file} is not JSON, in line {json.LineNumber + 1}: {json.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}"
        : $"{file} holds no settings: {reason?.Message}";

    /// <summary>Names of the settings of an options class.</summary>
    public static IEnumerable<string> NamesOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string section) =>
        typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => $"{section}:{property.Name}");

    /// <returns>The first setting of the file or the environment that is not in <paramref name="known"/>; null when there is none.</returns>
    public static string? FirstUnknown(string file, IEnumerable<string> known)
    {
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inFile = new ConfigurationBuilder().AddFile(file).Build().AsEnumerable();

        // A variable without a section is no setting: WGHUB_DATA is an option, others belong to whoever started us.
        var inEnvironment = new ConfigurationBuilder()
            .AddEnvironmentVariables(Prefix)
            .Build()
            .AsEnumerable()
            .Where(pair => pair.Key.Contains(':', StringComparison.Ordinal));
        return inFile.Concat(inEnvironment).Where(pair => pair.Value is not null).Select(pair => pair.Key).FirstOrDefault(key => !names.Contains(key));
    }
}
