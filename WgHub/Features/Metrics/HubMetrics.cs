using WgHub.Features.Backup;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Reports;
using WgHub.Features.Tls;
using WgHub.WireGuard;

namespace WgHub.Features.Metrics;

/// <summary>The interface, its peers as they should be, and what it stands on.</summary>
internal sealed class HubMetrics(
    HubState state, HubStore hubs, HubReports reports, LeaseStore leases, Certificates certificates, BackupSchedule backups, ProgramFailures failures)
{
    public void WriteTo(MetricsText text)
    {
        text.Family("wireguard_hub_up", "gauge", "1 when the interface is up with its key and port.").Value(reports.Last is { IsUp: true } ? 1 : 0);
        text.Family("wireguard_hub_set_up", "gauge", "1 when the hub was set up.").Value(hubs.Current is null ? 0 : 1);
        text.Family("wireguard_hub_faults", "gauge", "What of the interface could not be made as wanted.").Value(state.Faults.Count);
        text.Family("wireguard_hub_last_pass_timestamp_seconds", "gauge", "When the last look after the interface ended, whatever came of it.")
            .Value(state.LastPass?.ToUnixTimeSeconds() ?? 0);
        text.Family("wireguard_hub_reconcile_seconds", "histogram", "How long comparing the interface with the database took.");
        text.Histogram([], state.PassDurations.Read());
        text.Family("wireguard_hub_drift_peers", "gauge", "Peers that are not as wanted, and were left so.")
            .Value("kind", "missing", state.OpenDrift?.Missing.Count ?? 0)
            .Value("kind", "changed", state.OpenDrift?.Changed.Count ?? 0)
            .Value("kind", "unknown", state.OpenDrift?.Unknown.Count ?? 0);
        text.Family("wireguard_hub_wg_failures_total", "counter", "Runs of wg, ip or nft that failed since the start.").Value(failures.Count);
        var (taken, total) = leases.Usage() ?? default;
        text.Family("wireguard_hub_addresses", "gauge", "Addresses for machines.").Value("state", "taken", taken).Value("state", "total", total);
        text.Family("wireguard_hub_certificate_expiry_timestamp_seconds", "gauge", "When the served certificate ends; 0 without one.")
            .Value(certificates.Current?.NotAfter.ToUnixTimeSeconds() ?? 0);
        var standing = backups.Look();
        text.Family("wireguard_hub_backup_last_timestamp_seconds", "gauge", "When the last good backup was made; 0 for none.")
            .Value(standing.Last?.MadeAt.ToUnixTimeSeconds() ?? 0);
        text.Family("wireguard_hub_backup_last_size_bytes", "gauge", "Size of the last good backup.").Value(standing.Last?.Size ?? 0);
        text.Family("wireguard_hub_backup_late", "gauge", "1 when a backup should have been made by now and was not.").Value(standing.IsLate ? 1 : 0);
    }
}
