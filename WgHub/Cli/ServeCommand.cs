using System.CommandLine;
using System.Net;

namespace WgHub.Cli;

/// <summary>Runs the hub: pages, API, reconciler.</summary>
internal static class ServeCommand
{
    private const string UrlsVariable = "WGHUB_URLS";
    private const string DefaultUrls = "http://127.0.0.1:8080";

    public static Command Create()
    {
        var urls = new Option<string?>("--urls") { Description = $"Where to listen ({UrlsVariable}; default {DefaultUrls}).", HelpName = "URL[;URL]" };
        var insecure = new Option<bool>("--insecure-http") { Description = "Plain HTTP also beyond loopback, for labs." };
        var command = new Command("serve", "Runs the hub.") { urls, insecure };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = CommonOptions.DataDirectoryOf(parsed);
            var listen = ListenOn(parsed.GetValue(urls) ?? Environment.GetEnvironmentVariable(UrlsVariable) ?? DefaultUrls, parsed.GetValue(insecure));
            await using var app = WgHubApp.Build(new(data, CommonOptions.SettingsFileOf(parsed, data), listen));
            await app.RunAsync(cancellationToken);
        });
        return command;
    }

    /// <exception cref="UsageException">No URL, not http, or plain HTTP beyond loopback.</exception>
    private static IReadOnlyList<string> ListenOn(string text, bool isInsecureAllowed)
    {
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls)
        {
            if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttp)
            {
                throw new UsageException($"--urls {url}: a URL such as http://127.0.0.1:8080. TLS comes from a proxy in front, for now.");
            }

            if (!isInsecureAllowed && !(parsed.IsLoopback || (IPAddress.TryParse(parsed.Host, out var address) && IPAddress.IsLoopback(address))))
            {
                throw new UsageException($"--urls {url}: plain HTTP serves loopback only. Put a TLS proxy in front, or add --insecure-http in a lab.");
            }
        }

        return urls.Length > 0 ? urls : throw new UsageException("--urls: names no URL.");
    }
}
