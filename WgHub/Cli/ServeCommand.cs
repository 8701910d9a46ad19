using System.CommandLine;
using WgHub.Features.Tls;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Cli;

/// <summary>Runs the hub: pages, API, reconciler.</summary>
internal static class ServeCommand
{
    private const string UrlsVariable = "WGHUB_URLS";
    private const string DefaultUrls = "http://127.0.0.1:8080";

    public static Command Create(Func<ServerStart, WebApplication> build)
    {
        var urls = new Option<string?>("--urls") { Description = $"Where to listen ({UrlsVariable}; default {DefaultUrls}).", HelpName = "URL[;URL]" };
        var insecure = new Option<bool>("--insecure-http") { Description = "Plain HTTP also beyond loopback, for labs." };
        var command = new Command("serve", "Runs the hub.") { urls, insecure };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            _ = OpenConnections.MostFor(OpenFiles.Most()); // before so much is open that the sentence could not be said
            var data = CommonOptions.DataDirectoryOf(parsed);
            var settings = CommonOptions.SettingsFileOf(parsed, data);
            var isInsecureAllowed = parsed.GetValue(insecure);
            var text = parsed.GetValue(urls) ?? Environment.GetEnvironmentVariable(UrlsVariable) ?? DefaultUrls;
            var listen = ListenOn(text, settings, isInsecureAllowed);
            await using var app = build(new(data, settings, listen) { IsInsecureHttpAllowed = isInsecureAllowed });
            ListenCheck.Check(listen);
            await RunAsync(app, cancellationToken);
        });
        return command;
    }

    /// <summary>Until a signal comes. What a stop had no time left for, such as a last look at an interface whose wg hangs, makes it no failure.</summary>
    private static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
        }
        catch (AggregateException failures)
            when (app.Lifetime.ApplicationStopping.IsCancellationRequested && failures.Flatten().InnerExceptions.All(one => one is OperationCanceledException))
        {
        }
    }

    /// <summary>True when a proxy is trusted: it may come over plain HTTP from elsewhere, and the hub refuses all others who do.</summary>
    private static bool HasProxy(string settingsFile)
    {
        using var configuration = new ConfigurationManager();
        Settings.AddTo(configuration, settingsFile);
        return configuration[$"{WebOptions.Section}:{nameof(WebOptions.TrustedProxies)}"] is { Length: > 0 };
    }

    /// <exception cref="UsageException">No URL, neither http nor https, or plain HTTP beyond loopback.</exception>
    public static IReadOnlyList<string> ListenOn(string text, string settingsFile, bool isInsecureAllowed = false)
    {
        var isPlainAllowed = isInsecureAllowed || HasProxy(settingsFile);
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls)
        {
            if (
                !Uri.TryCreate(
                    url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal),
                    UriKind.Absolute, out var parsed)
                || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps) || parsed.PathAndQuery != "/")
            {
                throw new UsageException($"--urls {url}: a URL such as https://0.0.0.0:443 or http://127.0.0.1:8080.");
            }
        }

        // Beside https, plain HTTP is let in to lead there and to answer an authority; see Listeners.
        if (!isPlainAllowed && !urls.Any(Listeners.IsHttps) && urls.FirstOrDefault(url => !Listeners.IsLoopback(url)) is { } open)
        {
            throw new UsageException(
                $"--urls {open}: plain HTTP serves loopback only. Serve https, name the TLS proxy in front as Web:TrustedProxies, or add --insecure-http in a lab.");
        }

        return urls.Length > 0 ? urls : throw new UsageException("--urls: names no URL.");
    }
}
