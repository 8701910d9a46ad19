using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Metrics;

/// <summary>How it stands, in a word or in full.</summary>
public sealed class HealthTests : HubTest
{
    private protected override TestHub Make() => new() { Settings = { ["WireGuard:ReconcileSeconds"] = "1" } };

    [Fact]
    public async Task Nobody_is_told_more_than_a_word_and_a_viewer_the_state_of_each_job()
    {
        var word = (await Hub.Nobody.GetAsync("/api/health")).Expect(HttpStatusCode.OK);
        Assert.Equal(["status", "version"], word.Members());
        Assert.Equal("ok", word.Text("status"));

        var full = (await Hub.Viewer.GetAsync("/api/health")).Expect(HttpStatusCode.OK);
        Assert.Equal("[]", full.At("why").GetRawText());
        var reconciler = full.At("loops").EnumerateArray().Single(loop => loop.GetProperty("name").GetString() == "Reconciler");
        Assert.Equal(System.Text.Json.JsonValueKind.String, reconciler.GetProperty("lastPass").ValueKind);
    }

    [Fact]
    public async Task A_lost_database_is_degraded_and_told_why_to_who_is_signed_in()
    {
        File.Move(Hub.Data.DatabaseFile, Hub.Data.DatabaseFile + ".away");
        Assert.True(await Eventually.TrueAsync(
            async () => (await Hub.Nobody.GetAsync("/api/health")).Text("status") == "degraded", TimeSpan.FromSeconds(15), Cancel));

        Assert.DoesNotContain("wghub.db", (await Hub.Nobody.GetAsync("/api/health")).Body, StringComparison.Ordinal);
    }
}
