using Microsoft.Extensions.Options;
using WgHub.Features.Spokes;
using WgHub.Storage;

namespace WgHub.Features.Metrics;

/// <summary>Spokes: how many, and each by its name.</summary>
internal sealed class SpokeMetrics(TrafficStore traffic, LivePeers live, Database database, IOptions<MetricsOptions> options)
{
    public void WriteTo(MetricsText text)
    {
        var counts = traffic.Counts();
        text.Family("wireguard_hub_active_spokes", "gauge", "Spokes with a handshake in the last three minutes.");
        foreach (var os in counts.GroupBy(one => one.Os))
        {
            text.Value("os", os.Key, os.Where(one => one.Status == SpokeStatus.Active).Sum(one => one.Count));
        }

        text.Family("wireguard_hub_spokes", "gauge", "Spokes by their status.");
        foreach (var status in Enum.GetValues<SpokeStatus>())
        {
            text.Value("status", status.ToString().ToLowerInvariant(), counts.Where(one => one.Status == status).Sum(one => one.Count));
        }

        if (options.Value.PerSpoke)
        {
            WriteEach(text);
        }
    }

    private void WriteEach(MetricsText text)
    {
        var peers = traffic.Named(database.OwnHub).Select(peer => (peer.Name, Traffic: live.Find(peer.Traffic.Key) ?? peer.Traffic)).ToList();
        text.Family("wireguard_hub_spoke_receive_bytes_total", "counter", "Bytes that the hub has received from the spoke.");
        peers.ForEach(peer => text.Value("spoke", peer.Name, peer.Traffic.ReceivedBytes));
        text.Family("wireguard_hub_spoke_transmit_bytes_total", "counter", "Bytes that the hub has sent to the spoke.");
        peers.ForEach(peer => text.Value("spoke", peer.Name, peer.Traffic.SentBytes));
        text.Family("wireguard_hub_spoke_last_handshake_seconds", "gauge", "Unix time of the last handshake; 0 for none yet.");
        peers.ForEach(peer => text.Value("spoke", peer.Name, peer.Traffic.LastHandshake?.ToUnixTimeSeconds() ?? 0));
    }
}
