using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WgHub.Bench;

#pragma warning disable RS0030 // A bench starts the program that it measures.

/// <summary>The program that is measured: a process of its own, on a data directory of its own.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly Uri Url = new("http://127.0.0.1:18079");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly string _binary;
    private readonly string _data;
    private readonly Process _process;

    private HubProcess(string binary, string data, (string Name, string Value)[] settings)
    {
        // The shell becomes the hub, so that the process id is the hub's own.
        ProcessStartInfo start = new("sh", ["-c", """exec "$0" serve --data "$1" --urls "$2" </dev/null >>"$1/log" 2>&1""", binary, data, Url.OriginalString]);
        start.Environment["WGHUB_Limits__TokensPerHourPerIp"] = "0";
        start.Environment["WGHUB_Limits__RegistrationsPerMinutePerIp"] = "0";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        (_binary, _data, _process) = (binary, data, Process.Start(start)!);
    }

    public int Id => _process.Id;

    /// <summary>From nothing to the first page, as somebody sees it who starts the hub and opens its address.</summary>
    public TimeSpan FirstPage { get; private set; }

    /// <param name="settings">More of them, as variables of the environment.</param>
    public static Task<HubProcess> StartAsync(string binary, string data, params (string Name, string Value)[] settings) =>
        StartAsync(binary, data, Url, settings);

    /// <summary>From nothing to the answer that it is ready.</summary>
    public static Task<HubProcess> StartUntilReadyAsync(string binary, string data) => StartAsync(binary, data, new(Url, "/readyz"), []);

    /// <summary>Returns when the hub says that it is ready: its interface is there.</summary>
    public Task ReadyAsync() => PageAsync(new(Url, "/readyz"));

    /// <summary>A caller with an administrator's API token.</summary>
    public HubClient NewClient() =>
        new(Url, new(Programs.Read(_binary, "api-token", "create", "--name", "bench", "--role", "admin", "--data", _data).Trim()));

    /// <summary>A caller without an account, on connections of its own: a machine that registers.</summary>
    public static HubClient NewStranger() => new(Url, null);

    /// <summary>Asks it to end, as systemd does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Programs.Run("kill", "-TERM", $"{_process.Id}");
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }

        _process.Dispose();
    }

    private static async Task<HubProcess> StartAsync(string binary, string data, Uri page, (string Name, string Value)[] settings)
    {
        var start = Stopwatch.GetTimestamp();
        var hub = new HubProcess(binary, data, settings);
        try
        {
            await hub.PageAsync(page);
            hub.FirstPage = Stopwatch.GetElapsedTime(start);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="TimeoutException">Not in half a minute; the message is the hub's log.</exception>
    private async Task PageAsync(Uri page)
    {
        using var client = new HttpClient();
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartLimit && !_process.HasExited; await Task.Delay(1))
        {
            try
            {
                using var answer = await client.GetAsync(page);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // It does not listen yet.
            }
        }

        throw new TimeoutException($"{page} does not come.\n{await File.ReadAllTextAsync(Path.Combine(_data, "log"))}");
    }
}
