using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.Storage;

namespace WgHub.Install;

/// <summary>The service as it runs now, with whatever drop-ins and settings somebody has given it: its process tells.</summary>
/// <param name="Data">Null where its unit names none.</param>
/// <param name="Probes">Where it is asked from this machine whether it is ready.</param>
internal sealed partial record RunningService(int Process, DataDirectory? Data, IReadOnlyList<Uri> Probes)
{
    /// <returns>Null when it does not run.</returns>
    public static async Task<RunningService?> FindAsync(CancellationToken cancellationToken)
    {
        var shown = await Systemctl.ShowAsync(Systemctl.Service, "MainPID", cancellationToken);
        if (!int.TryParse(shown, NumberStyles.None, CultureInfo.InvariantCulture, out var process) || process == 0)
        {
            return null;
        }

        try
        {
            var arguments = (await File.ReadAllTextAsync($"/proc/{process}/cmdline", cancellationToken)).Split('\0');
            var variables = (await File.ReadAllTextAsync($"/proc/{process}/environ", cancellationToken)).Split('\0');
            var urls = Value(arguments, "--urls") ?? Variable(variables, "WGHUB_URLS") ?? "http://127.0.0.1:8080";
            var data = Value(arguments, "--data") ?? Variable(variables, "WGHUB_DATA");
            return new(process, data is null ? null : new DataDirectory(data), [.. ProbesOf(urls)]);
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }

    /// <summary>A server of ours listens everywhere when it is given a name; an address is asked as it is.</summary>
    public static IEnumerable<Uri> ProbesOf(string urls) => Url().Matches(urls).Select(url =>
    {
        var (scheme, host) = (url.Groups["scheme"].Value, url.Groups["host"].Value);
        var port = url.Groups["port"] is { Success: true } given ? given.Value : scheme == "https" ? "443" : "80";
        var isAddress = host.StartsWith('[') || host.All(c => char.IsAsciiDigit(c) || c == '.');
        var address = host == "[::]" ? "[::1]" : isAddress && host != "0.0.0.0" ? host : "127.0.0.1";
        return new Uri($"{scheme}://{address}:{port}/readyz");
    });

    private static string? Value(string[] arguments, string option) =>
        arguments.FirstOrDefault(one => one.StartsWith($"{option}=", StringComparison.Ordinal))?[(option.Length + 1)..]
        ?? arguments.SkipWhile(one => one != option).Skip(1).FirstOrDefault();

    private static string? Variable(string[] variables, string name) =>
        variables.FirstOrDefault(one => one.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..] is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@"(?<scheme>https?)://(?<host>\[[^\]]*\]|[^:/;]+)(:(?<port>\d+))?")]
    private static partial Regex Url();
}
