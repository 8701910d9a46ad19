using System.Net.Sockets;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>A hub that may open few files: a crowd of connections leaves it what it works with.</summary>
public sealed class DescriptorTests : IDisposable
{
    private readonly Wghub _wghub = new();
    private readonly List<Socket> _crowd = [];

    public void Dispose()
    {
        _crowd.ForEach(socket => socket.Dispose());
        _wghub.Dispose();
    }

    [Fact]
    public async Task Idle_connections_from_five_addresses_neither_end_it_nor_make_it_deaf()
    {
        const int Most = 700;
        await using var hub = await RunningHub.StartAsync(_wghub, "wgfew0", Most);
        var url = new Uri(hub.Address);
        for (var i = 0; i < 2 * Most; i++)
        {
            try
            {
                _crowd.Add(await RawConnection.ConnectAsync($"127.0.0.{2 + (i % 5)}", url.Host, url.Port, Cancel));
            }
            catch (SocketException)
            {
                // Turned away before we heard that it stood.
            }
        }

        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal("ok", (await client.GetStringAsync(new Uri(url, "/healthz"), Cancel)).Trim());
        Assert.InRange(Directory.GetFiles($"/proc/{hub.ProcessId}/fd").Length, 300, Most - 50);
        (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "viewer")).OrThrow();
        Assert.DoesNotContain("Too many open files", hub.Log, StringComparison.Ordinal);
    }
}
