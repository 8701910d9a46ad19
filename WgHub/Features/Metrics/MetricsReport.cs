using WgHub.Features.Audit;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>All metrics: docs/monitoring.md lists them, and a test holds the two together.</summary>
internal sealed class MetricsReport(
    SpokeMetrics spokes, HubMetrics hub, TokenStore tokens, EventCounts events, RequestDurations requests, ProcessMetrics process, HealthReport health,
    TimeProvider time)
{
    public void WriteTo(MetricsText text)
    {
        text.Family("wireguard_hub_build_info", "gauge", "Always 1; the version of this wghub.").Value("version", BuildInfo.Version, 1);
        text.Family("wireguard_hub_degraded", "gauge", "1 when something is wrong; /api/health says what.").Value(health.Why.Count > 0 ? 1 : 0);
        hub.WriteTo(text);
        text.Family("wireguard_hub_tokens_generated_total", "counter", "Installation tokens made since the start.")
            .Value(events.Of(AuditEvents.TokenCreated));
        text.Family("wireguard_hub_tokens_used_total", "counter", "Spokes that came by a token since the start.")
            .Value(events.Of(AuditEvents.SpokeRegistered) + events.Of(AuditEvents.SpokeReenrolled));
        text.Family("wireguard_hub_tokens_pending", "gauge", "Installation tokens that can be used.").Value(tokens.CountPending(time.GetUtcNow()));
        text.Family("wireguard_hub_events_total", "counter", "Events of the audit log since the start, by name.");
        foreach (var (name, count) in events.All)
        {
            text.Value("event", name, count);
        }

        spokes.WriteTo(text);
        text.Family("http_server_request_duration_seconds", "histogram", "How long answers took.");
        foreach (var (method, route, status, state) in requests.All)
        {
            text.Histogram([("method", method), ("route", route), ("status", $"{status}")], state);
        }

        process.WriteTo(text);
    }
}
