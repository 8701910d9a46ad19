using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Metrics;

/// <summary>Addresses that need no token, and the series that some do not want.</summary>
public sealed class MetricsAccessTests : HubTest
{
    private protected override TestHub Make() => new()
    {
        Settings =
        {
            ["Web:TrustedProxies"] = "127.0.0.1", ["Metrics:AllowedAddresses"] = "192.0.2.7, 198.51.100.0/24, 2001:db8::/32", ["Metrics:PerSpoke"] = "false",
        },
    };

    [Theory]
    [InlineData("192.0.2.7", HttpStatusCode.OK)]
    [InlineData("198.51.100.200", HttpStatusCode.OK)]
    [InlineData("2001:db8::1", HttpStatusCode.OK)]
    [InlineData("::ffff:192.0.2.7", HttpStatusCode.OK)]
    [InlineData("192.0.2.8", HttpStatusCode.Unauthorized)]
    [InlineData("2001:db9::1", HttpStatusCode.Unauthorized)]
    public async Task Who_is_in_the_list_needs_no_token_for_the_metrics_alone(string from, HttpStatusCode expected)
    {
        Task<Answer> GetAsync(string path) => Hub.Nobody.SendAsync(HttpMethod.Get, path, null, ("X-Forwarded-For", from), ("X-Forwarded-Proto", "https"));

        (await GetAsync("/metrics")).Expect(expected, expected == HttpStatusCode.OK ? null : "NOT_SIGNED_IN");
        (await GetAsync("/api/hub/status")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Fact]
    public async Task Without_series_of_single_spokes_none_is_named()
    {
        await Hub.EnrolAsync("oslo");
        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;
        Assert.DoesNotContain("oslo", text, StringComparison.Ordinal);
        Assert.Contains("\nwireguard_hub_spokes{status=\"pending\"} 1\n", text, StringComparison.Ordinal);
    }
}
