using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Rotation;

/// <summary>What a spoke is told through its tunnel of what to route, and what is kept of its answer.</summary>
public sealed class RouteNewsTests : HubTest
{
    private protected override TestHub Make() => new() { Settings = { ["Web:TrustedProxies"] = KeyedSpoke.Proxy } };

    [Theory]
    [InlineData("10.20.0.0/16,fd99::/64", "OWN,10.20.0.0/16,fd99::/64", false)]
    [InlineData("10.20.0.0/16,fd99::/64", "FD99:0::/64,10.20.0.0/16,OWN", false)] // in any order
    [InlineData("10.20.0.0/16,fd99::/64", "OWN,10.20.0.0/16", false)]             // a machine whose IPv6 is off
    [InlineData("all", "0.0.0.0/0", false)]
    [InlineData("10.20.0.0/16", "OWN", true)]
    [InlineData("all", "OWN", true)]
    [InlineData("hub", "0.0.0.0/0,::/0", true)]
    public async Task A_machine_that_says_what_it_has_is_behind_or_not(string wanted, string held, bool isBehind)
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        object routes = wanted.Contains('/', StringComparison.Ordinal) ? wanted.Split(',') : wanted;
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { routes })).Expect(HttpStatusCode.OK);
        var own = $"{Hub.Address(1)}/32";

        Assert.Contains(wanted == "all" ? "::/0" : own, (await AskAsync(spoke, null)).At("routes").EnumerateArray().Select(one => one.GetString()));
        Assert.True(await IsBehindAsync(spoke)); // told is not held
        await AskAsync(spoke, held.Replace("OWN", own, StringComparison.Ordinal));

        Assert.Equal(isBehind, await IsBehindAsync(spoke));
    }

    [Fact]
    public async Task The_same_again_is_one_entry_and_lines_end_as_before()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { routes = "hub" })).Expect(HttpStatusCode.OK);

        for (var time = 0; time < 3; time++)
        {
            await AskAsync(spoke, $"{Hub.Address(1)}/32");
        }

        Assert.Single((await Hub.Viewer.GetAsync("/api/audit?event=spoke.routed")).At("entries").EnumerateArray());
        var text = await Hub.Client(null, from: KeyedSpoke.Proxy).SendAsync(
            HttpMethod.Get, "/api/spoke/hub-keys?held=", null, ("X-Forwarded-For", spoke.Address), ("Accept", "text/plain"));
        Assert.Matches($@"\ApublicKey=\S{{44}}\nnextPublicKey=\nroutes={Hub.Address(1)}/32\ngateway=\nmasquerade=\nend\n\z", text.Body);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("10.8.0.0/22,")]
    [InlineData("10.8.0.0/99")]
    public async Task What_is_no_list_of_networks_changes_nothing(string held)
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);

        (await Hub.Client(null, from: KeyedSpoke.Proxy).SendAsync(
            HttpMethod.Get, $"/api/spoke/hub-keys?held=&routes={Uri.EscapeDataString(held)}", null, ("X-Forwarded-For", spoke.Address)))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.False(await IsBehindAsync(spoke));
    }

    /// <summary>Only who holds its key sends from its address.</summary>
    [Fact]
    public async Task Who_does_not_come_through_a_tunnel_learns_and_says_nothing() =>
        (await Hub.Nobody.GetAsync("/api/spoke/hub-keys?held=&routes=0.0.0.0/0")).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");

    [Fact]
    public async Task A_new_key_leaves_the_routes_as_the_machine_has_them()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { routes = "hub" })).Expect(HttpStatusCode.OK);

        (await spoke.BeginAsync(Wg.NewKey())).Expect(HttpStatusCode.Created);

        Assert.True(await IsBehindAsync(spoke));
    }

    private async Task<Answer> AskAsync(KeyedSpoke spoke, string? held) =>
        (await Hub.Client(null, from: KeyedSpoke.Proxy).SendAsync(
            HttpMethod.Get, $"/api/spoke/hub-keys?held={(held is null ? "" : $"&routes={Uri.EscapeDataString(held)}")}", null,
            ("X-Forwarded-For", spoke.Address)))
            .Expect(HttpStatusCode.OK);

    private async Task<bool> IsBehindAsync(KeyedSpoke spoke) => (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).At("routesBehind").GetBoolean();
}
