using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WgHub.Lab;

/// <summary>Stands between spokes and the hub. While it loses answers, a registration reaches the hub and its reply reaches nobody.</summary>
internal sealed class LossyRelay : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly NetNamespace _network;
    private readonly IPEndPoint _hub;
    private readonly Socket _listener;
    private readonly Task _work;
    private int _lost;

    private LossyRelay(NetNamespace network, IPEndPoint hub, Socket listener)
    {
        (_network, _hub, _listener) = (network, hub, listener);
        _work = AcceptAsync();
    }

    public bool LosesAnswers { get; set; } = true;

    /// <summary>Registrations that the hub has answered in vain.</summary>
    public int Lost => _lost;

    public static async Task<LossyRelay> StartAsync(NetNamespace network, IPEndPoint listen, IPEndPoint hub) =>
        new(network, hub, await network.ListenAsync(listen));

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _work;
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await _listener.AcceptAsync()));
            }
        }
        catch (SocketException)
        {
            await Task.WhenAll(connections);    // The listener was closed.
        }
    }

    private async Task RelayAsync(Socket accepted)
    {
        await using var spoke = new NetworkStream(accepted, ownsSocket: true);
        await using var hub = await _network.ConnectAsync(_hub);
        try
        {
            var buffer = new byte[BufferSize];
            var request = buffer.AsMemory(0, await spoke.ReadAsync(buffer));
            var isToBeLost = LosesAnswers && Encoding.ASCII.GetString(request.Span).StartsWith("POST /api/spoke/register ", StringComparison.Ordinal);
            await hub.WriteAsync(request);
            if (isToBeLost)
            {
                await Task.WhenAny(spoke.CopyToAsync(hub), LoseAsync(hub));
            }
            else
            {
                await Task.WhenAny(spoke.CopyToAsync(hub), hub.CopyToAsync(spoke));
            }
        }
        catch (IOException)
        {
            // One of the two has hung up.
        }
    }

    private async Task LoseAsync(Stream hub)
    {
        if (await hub.ReadAsync(new byte[BufferSize]) > 0)
        {
            Interlocked.Increment(ref _lost);
        }
    }
}
