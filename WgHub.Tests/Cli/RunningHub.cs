using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>The binary of this build with <c>serve</c>, as a process of its own.</summary>
internal sealed partial class RunningHub : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ShellProcess _process;
    private readonly string _logFile;
    private readonly string _interface;

    private RunningHub(ShellProcess process, string logFile, string @interface) => (_process, _logFile, _interface) = (process, logFile, @interface);

    public int ProcessId => _process.Id;

    public string Address { get; private set; } = "";

    public string Log => File.Exists(_logFile) ? File.ReadAllText(_logFile) : "";

    /// <summary>Starts it on the data directory and waits until it listens.</summary>
    /// <param name="settings">More variables, such as <c>WGHUB_Log__Format</c>, or <c>WGHUB_URLS</c> for another address than one of plain http.</param>
    public static Task<RunningHub> StartAsync(Wghub wghub, string @interface, params (string Name, string Value)[] settings) =>
        StartAsync(wghub, @interface, null, settings);

    /// <inheritdoc cref="StartAsync(Wghub, string, ValueTuple{string, string}[])"/>
    /// <param name="descriptors">How many files it may have open; null for what this process may.</param>
    public static async Task<RunningHub> StartAsync(Wghub wghub, string @interface, int? descriptors, params (string Name, string Value)[] settings)
    {
        var logFile = Path.Combine(wghub.Data.FullName, $"serve-{Guid.NewGuid():N}.log");
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        environment["WGHUB_WireGuard__Interface"] = @interface;
        environment["WGHUB_WireGuard__ConfigDirectory"] = Path.Combine(wghub.Data.FullName, "conf");
        var process = ShellProcess.Start(
            [
                .. descriptors is { } most ? new[] { "prlimit", $"--nofile={most}:{most}" } : [],
                Path.Combine(AppContext.BaseDirectory, "wghub"), "serve", "--urls",
                environment.GetValueOrDefault("WGHUB_URLS", "http://127.0.0.1:0"), "--data", wghub.Data.FullName,
            ],
            logFile, environment);
        var hub = new RunningHub(process, logFile, @interface);
        Match? listening = null;
        Assert.True(await Eventually.TrueAsync(() => (listening = Listening().Match(hub.Log)).Success, Limit, Cancel), hub.Log);
        hub.Address = listening!.Groups["address"].Value;
        return hub;
    }

    /// <summary>Stops it as a service does, and waits until it has ended.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> StopAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        await Shell.RunAsync(["kill", "-TERM", $"{_process.Id}"], Cancel);
        Assert.True(await _process.WaitForExitAsync(Limit, Cancel), Log);
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(Limit, CancellationToken.None);
        }

        _process.Dispose();
        await Shell.RunAsync(["ip", "link", "delete", _interface], CancellationToken.None);
    }

    [GeneratedRegex(@"Now listening on: (?<address>https?://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
