using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The real binary in the hub's place of a lab. Made by <see cref="LabNet"/>.</summary>
internal sealed class LabHub : IAsyncDisposable
{
    public const string Url = $"http://{LabNet.ServerAddress}:8080";
    public const string HttpsUrl = $"https://{LabNet.ServerAddress}:8443";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly LabNet _net;
    private readonly Dictionary<string, string> _environment;
    private readonly HttpClient _probe;
    private ShellProcess? _process;

    internal LabHub(LabNet net, IReadOnlyDictionary<string, string> settings)
    {
        _net = net;
        _environment = settings.ToDictionary(setting => $"WGHUB_{setting.Key}", setting => setting.Value);
        _probe = net.CreateClient(new Uri(Url), null);
    }

    public static string Binary { get; } =
        Environment.GetEnvironmentVariable("WGHUB_BINARY") ?? Repository.PathOf("artifacts/bin/WgHub/debug/wghub");

    public string DataFolder => Path.Combine(_net.Home.FullName, "hub-data");

    public string LogFile => Path.Combine(_net.Home.FullName, "hub.log");

    /// <summary>Starts the hub, again after a stop or a kill; returns when it is ready.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        _process?.Dispose();
        _process = ShellProcess.Start(
            _net.EnterHub(
                Binary, "serve", "--data", DataFolder, "--urls",
                $"http://0.0.0.0:{new Uri(Url).Port};https://0.0.0.0:{new Uri(HttpsUrl).Port}", "--insecure-http"),
            LogFile,
            _environment);
        if (!await Eventually.TrueAsync(() => IsReadyAsync(cancel), Limit, cancel))
        {
            throw new TimeoutException($"The hub is not ready.\n{await File.ReadAllTextAsync(LogFile, cancel)}");
        }
    }

    /// <returns>False also when nobody listens.</returns>
    public static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <returns>The exit code after SIGTERM.</returns>
    public async Task<int> StopAsync(CancellationToken cancel)
    {
        (await Shell.RunAsync(["kill", "-s", "TERM", $"{Process.Id}"], cancel)).OrThrow();
        return await Process.WaitForExitAsync(Limit, cancel)
            ? Process.ExitCode
            : throw new TimeoutException($"The hub did not stop.\n{await File.ReadAllTextAsync(LogFile, cancel)}");
    }

    /// <param name="name">Such as <c>STOP</c>: its connections stand, and nothing comes over them.</param>
    public async Task SignalAsync(string name, CancellationToken cancel) =>
        (await Shell.RunAsync(["kill", $"-{name}", $"{Process.Id}"], cancel)).OrThrow();

    /// <summary>kill -9: the hub alone, not what it has started.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        Process.Kill();
        await Process.WaitForExitAsync(Limit, cancel);
    }

    /// <summary>Runs another command of the binary on the hub's data.</summary>
    public Task<ShellResult> CommandAsync(string[] command, CancellationToken cancel) =>
        _net.RunAsync([Binary, .. command, "--data", DataFolder], cancel);

    /// <summary>The API with a new token of that role.</summary>
    public async Task<LabApi> SignInAsync(string role, CancellationToken cancel)
    {
        var token = await CommandAsync(["api-token", "create", "--name", $"lab-{role}", "--role", role], cancel);
        return new LabApi(_net.CreateClient(new Uri(Url), token.OrThrow().Trim()));
    }

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        if (_process is { HasExited: false })
        {
            await KillAsync(CancellationToken.None);
        }

        _process?.Dispose();
    }

    private ShellProcess Process => _process ?? throw new InvalidOperationException("The hub was never started.");

    private async Task<bool> IsReadyAsync(CancellationToken cancel) => Process.HasExited
        ? throw new InvalidOperationException($"The hub ended with {Process.ExitCode}.\n{await File.ReadAllTextAsync(LogFile, cancel)}")
        : await IsReadyAsync(_probe, cancel);
}
