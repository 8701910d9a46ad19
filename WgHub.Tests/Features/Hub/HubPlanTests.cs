using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

/// <summary>A change of the hub's settings as a plan: who is affected, and what stands in the way.</summary>
public sealed class HubPlanTests : HubTest
{
    private string Larger => $"{Hub.Address(0)}/21";

    [Fact]
    public async Task A_larger_network_says_who_gets_behind_and_how_each_learns_it()
    {
        await EnrolAsync("oslo", "linux", isByLine: true);
        await EnrolAsync("desk", "windows", isByLine: true);
        await EnrolAsync("phone", "android", isByLine: false);
        var before = await Snapshot.TakeAsync(Hub);

        var answer = (await PlanAsync(new { networkCIDR = Larger })).Expect(HttpStatusCode.OK);

        Assert.Equal(Larger, answer.Text("networkCIDR"));
        var plan = answer.At("plan");
        Assert.Equal($$"""[{"setting":"network","before":"{{Hub.Network}}","after":"{{Larger}}"}]""", Flat(plan, "changes"));
        Assert.Equal("""{"before":1022,"after":2046,"taken":4}""", Flat(plan, "addresses"));
        Assert.Equal("""{"total":3,"connected":0,"byTimer":["oslo"],"byLine":["desk"],"byHand":["phone"]}""", Flat(plan, "spokes"));
        Assert.Equal("[]", Flat(plan, "overlaps"));
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
        Assert.Equal(Hub.Network, (await Hub.Viewer.GetAsync("/api/hub/config")).Text("networkCIDR"));
    }

    [Fact]
    public async Task Another_endpoint_is_learnt_by_timer_what_the_line_writes_by_line_and_what_nobody_keeps_by_nobody()
    {
        await EnrolAsync("oslo", "linux", isByLine: true);

        var endpoint = (await PlanAsync(new { publicEndpoint = "hub.example.org" })).Expect(HttpStatusCode.OK);
        var between = (await PlanAsync(new { spokeToSpoke = true })).Expect(HttpStatusCode.OK);
        var mtu = (await PlanAsync(new { mtu = 1300 })).Expect(HttpStatusCode.OK);

        Assert.Equal("""{"total":1,"connected":0,"byTimer":["oslo"],"byLine":[],"byHand":[]}""", Flat(endpoint.At("plan"), "spokes"));
        Assert.Equal("""{"total":1,"connected":0,"byTimer":[],"byLine":[],"byHand":[]}""", Flat(between.At("plan"), "spokes"));
        Assert.Equal("""{"total":1,"connected":0,"byTimer":[],"byLine":["oslo"],"byHand":[]}""", Flat(mtu.At("plan"), "spokes"));
    }

    [Fact]
    public async Task What_overlaps_is_told_and_the_change_itself_is_refused()
    {
        var address = $"{Hub.Address(1025)}/24";
        (await Shell.RunAsync(["ip", "address", "add", address, "dev", "lo"], Cancel)).OrThrow();
        try
        {
            var plan = (await PlanAsync(new { networkCIDR = Larger })).Expect(HttpStatusCode.OK).At("plan");

            Assert.Contains($$"""{"network":"{{Hub.Address(1024)}}/24","spoke":null}""", Flat(plan, "overlaps"), StringComparison.Ordinal);
            (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = Larger })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
        finally
        {
            await Shell.RunAsync(["ip", "address", "delete", address, "dev", "lo"], CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_plan_of_what_would_be_refused_is_refused_as_that_is()
    {
        await Hub.EnrolAsync();
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "far", customIP = Hub.Address(900) })).Expect(HttpStatusCode.Created);
        var before = await Snapshot.TakeAsync(Hub);

        (await PlanAsync(new { networkCIDR = $"{Hub.Address(0)}/24" })).Expect(HttpStatusCode.Conflict, "NETWORK_IN_USE");
        (await PlanAsync(new { mtu = 1 })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await Hub.Operator.PutAsync("/api/hub/config?dryRun=true", new { mtu = 1400 })).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");

        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public async Task The_change_itself_has_no_plan() =>
        Assert.DoesNotContain("plan", (await Hub.Admin.PutAsync("/api/hub/config", new { mtu = 1400 })).Expect(HttpStatusCode.OK).Members());

    private Task<Answer> PlanAsync(object change) => Hub.Admin.PutAsync("/api/hub/config?dryRun=true", change);

    private static string Flat(JsonElement plan, string name) => plan.GetProperty(name).GetRawText();

    private async Task EnrolAsync(string name, string os, bool isByLine)
    {
        var (_, token, _) = await Hub.TokenAsync(name);
        object metadata = isByLine ? new { wireguardVersion = "1.0.20210914" } : new { };
        (await Hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os, metadata })).Expect(HttpStatusCode.Created);
    }
}
