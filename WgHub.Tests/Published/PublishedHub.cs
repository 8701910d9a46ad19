using System.Net;
using System.Net.Sockets;
using WgHub.TestKit;

namespace WgHub.Published;

/// <summary>
/// The file that publish.sh made, run as a service manager would: no home, no environment but its settings, and data,
/// interface and ports of its own.
/// </summary>
internal sealed class PublishedHub : IAsyncDisposable
{
    private const string SearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly DirectoryInfo Results = Directory.CreateDirectory(Repository.PathOf("artifacts/test-results/published"));
    private static int _hubs;

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("wghub-published-");
    private readonly string[] _settings;
    private ShellProcess? _process;

    public PublishedHub()
    {
        Interface = $"wgp{Interlocked.Increment(ref _hubs)}";
        Url = new Uri($"http://127.0.0.1:{FreePort(SocketType.Stream, ProtocolType.Tcp)}");
        ListenPort = FreePort(SocketType.Dgram, ProtocolType.Udp);
        Data = _home.CreateSubdirectory("data");
        File.Delete(LogFile);
        _settings =
        [
            $"WGHUB_WireGuard__Interface={Interface}",
            $"WGHUB_WireGuard__ConfigDirectory={Data.FullName}",
            "WGHUB_Limits__TokensPerHourPerIp=0",
        ];
        Nobody = new ApiClient(Url.OriginalString, null);
    }

    /// <summary>What publish.sh made, or what WGHUB_BINARY names.</summary>
    public static string Binary { get; } =
        Environment.GetEnvironmentVariable("WGHUB_BINARY") ?? Repository.PathOf("dist/linux-x64/wghub");

    public string Interface { get; }

    /// <summary>UDP, free when the hub was made.</summary>
    public int ListenPort { get; }

    public Uri Url { get; }

    public DirectoryInfo Data { get; }

    /// <summary>More variables, such as <c>WGHUB_Mail__Host=…</c>.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>A client of the API without an account.</summary>
    public ApiClient Nobody { get; }

    /// <summary>Starts the hub, again after a stop or a kill; returns when it is ready.</summary>
    /// <param name="within">The command line that leads to where it shall run; empty for here.</param>
    public async Task StartAsync(CancellationToken cancel, params string[] within)
    {
        _process?.Dispose();
        _process = ShellProcess.Start([.. within, .. CommandLine([], ["serve", "--urls", Url.OriginalString])], LogFile, new Dictionary<string, string>());
        if (!await Eventually.TrueAsync(IsReadyAsync, Limit, cancel))
        {
            throw new TimeoutException($"The hub is not ready.\n{Log()}");
        }
    }

    /// <returns>The exit code after SIGTERM.</returns>
    public async Task<int> StopAsync(CancellationToken cancel)
    {
        (await Shell.RunAsync(["kill", "-s", "TERM", $"{Process.Id}"], cancel)).OrThrow();
        return await Process.WaitForExitAsync(Limit, cancel) ? Process.ExitCode : throw new TimeoutException($"The hub did not stop.\n{Log()}");
    }

    /// <summary>kill -9: the hub alone, not what it has started.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        Process.Kill();
        await Process.WaitForExitAsync(Limit, cancel);
    }

    /// <summary>Runs a command of the binary to its end, on the hub's data.</summary>
    /// <param name="input">What it reads, such as a password.</param>
    public Task<ShellResult> RunAsync(string[] command, CancellationToken cancel, string input = "") =>
        Shell.RunAsync(CommandLine([], command), input, cancel);

    /// <summary>Starts a hub of which the caller knows that it ends by itself.</summary>
    /// <param name="setting">One more, such as <c>WGHUB_WireGuard__SampleSeconds=0</c>; null for none.</param>
    public Task<ShellResult> ServeAsync(string? setting, string[] options, CancellationToken cancel) =>
        Shell.RunAsync(CommandLine(setting is null ? [] : [setting], ["serve", .. options]), cancel);

    /// <summary>A client of the API with a new token of that role.</summary>
    public async Task<ApiClient> SignInAsync(string role, CancellationToken cancel)
    {
        var token = await RunAsync(["api-token", "create", "--name", role, "--role", role], cancel);
        return new ApiClient(Url.OriginalString, token.OrThrow().Trim());
    }

    public async ValueTask DisposeAsync()
    {
        Nobody.Dispose();
        if (_process is { HasExited: false })
        {
            await KillAsync(CancellationToken.None);
        }

        _process?.Dispose();
        await Shell.RunAsync(["ip", "link", "delete", Interface], CancellationToken.None);
        _home.Delete(recursive: true);
    }

    private ShellProcess Process => _process ?? throw new InvalidOperationException("The hub was never started.");

    private string LogFile => Path.Combine(Results.FullName, $"{Interface}.log");

    private string Log() => File.ReadAllText(LogFile);

    private string[] CommandLine(string[] settings, string[] command) => File.Exists(Binary)
        ? ["env", "-i", SearchPath, .. _settings, .. More, .. settings, Binary, .. command, "--data", Data.FullName]
        : throw new FileNotFoundException($"There is no {Binary}: make it with ./publish.sh, or name another in WGHUB_BINARY.");

    private async Task<bool> IsReadyAsync()
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException($"The hub ended with {Process.ExitCode}.\n{Log()}");
        }

        try
        {
            return (await Nobody.GetAsync("/readyz")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort(SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
