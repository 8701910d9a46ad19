using System.Buffers;
using System.Collections.Frozen;

namespace WgHub.WireGuard;

/// <summary>
/// The only reader of an interface: one dump, read in place. One at a time, since buffer and objects are used again: a peer that did
/// nothing costs no memory.
/// </summary>
internal sealed class DeviceReader(string name, WgTool wg, InterfaceGeneration lives, TimeProvider time) : IDisposable
{
    private static readonly IReadOnlyDictionary<PublicKey, PeerSeen> Nobody = FrozenDictionary<PublicKey, PeerSeen>.Empty;

    private static long _looks; // of all interfaces

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ArrayBufferWriter<byte> _dump = new();
    private IReadOnlyDictionary<PublicKey, PeerSeen> _before = Nobody;
    private (PublicKey? Key, int Port) _seen;

    /// <summary>Whether peers can reach it: the link is up now, and key and port were as wanted at the last reading. Costs microseconds.</summary>
    public bool IsLive(DeviceSpec spec) => _seen == (spec.Key, spec.ListenPort) && InterfaceGeneration.IsUp(name);

    /// <summary>Whether the interface has its key, and its port.</summary>
    /// <exception cref="WgException">There is no such interface, or wg refused.</exception>
    public async Task<(bool HasKey, bool HasPort)> KeyAndPortAsync(DeviceSpec spec, CancellationToken cancellationToken)
    {
        await ReadAsync(spec, null, cancellationToken);
        return (_seen.Key == spec.Key, _seen.Port == spec.ListenPort);
    }

    /// <summary>The report of an interface that is not there, or cannot be read.</summary>
    public DeviceReport Down(IReadOnlyDictionary<PublicKey, PeerTarget?>? wanted, string failure) =>
        new(
            time.GetUtcNow(), Interlocked.Increment(ref _looks), "", Nobody,
            wanted is null ? PeerPlan.Nothing : new PeerComparison(wanted).Plan(_ => false), failure);

    /// <param name="wanted">Null: the peers are not compared.</param>
    /// <exception cref="WgException">There is no such interface, wg refused, or what it printed is no dump.</exception>
    public async Task<DeviceReport> ReadAsync(
        DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?>? wanted, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _dump.ResetWrittenCount();
            var life = lives.Current(name);
            await wg.DumpAsync(name, _dump, cancellationToken);
            var report = Parse(life, wanted);
            _before = report.Peers;
            _seen = SeenOf(_dump.WrittenSpan);
            return report with { IsUp = IsLive(spec) };
        }
        catch (FormatException exception)
        {
            throw new WgException($"wg show: {exception.Message}", exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private DeviceReport Parse(string life, IReadOnlyDictionary<PublicKey, PeerTarget?>? wanted)
    {
        var comparison = wanted is null ? null : new PeerComparison(wanted);
        var peers = new Dictionary<PublicKey, PeerSeen>(_before.Count);
        var device = new WgDump(_dump.WrittenSpan);
        while (device.MoveNext())
        {
            var line = device.Current;
            comparison?.Add(line);
            peers[line.Key] = _before.TryGetValue(line.Key, out var before) ? Next(before, line) : Seen(line, "", "");
        }

        return new(time.GetUtcNow(), Interlocked.Increment(ref _looks), life, peers, comparison?.Plan(peers.ContainsKey) ?? PeerPlan.Nothing, null);
    }

    private static PeerSeen Next(PeerSeen before, WgPeerLine line) =>
        line.LatestHandshakeSeconds == before.LatestHandshakeSeconds && line.ReceivedBytes == before.ReceivedBytes && line.SentBytes == before.SentBytes
        && IsSame(line.Endpoint, before.Endpoint) && IsSame(line.AllowedIPs, before.AllowedIPs)
            ? before
            : Seen(line, before.Endpoint, before.AllowedIPs);

    /// <summary>With the texts of before where they say the same.</summary>
    private static PeerSeen Seen(WgPeerLine line, string endpoint, string allowedIPs) => new(
        IsSame(line.Endpoint, endpoint) ? endpoint : line.Endpoint.ToText(),
        IsSame(line.AllowedIPs, allowedIPs) ? allowedIPs : line.AllowedIPs.ToText(),
        line.LatestHandshakeSeconds,
        line.ReceivedBytes,
        line.SentBytes);

    private static bool IsSame(ReadOnlySpan<byte> ascii, string text) => System.Text.Ascii.Equals(ascii, text);

    private static (PublicKey? Key, int Port) SeenOf(ReadOnlySpan<byte> dump)
    {
        var device = new WgDump(dump);
        return (device.InterfaceKey, device.ListenPort);
    }
}
