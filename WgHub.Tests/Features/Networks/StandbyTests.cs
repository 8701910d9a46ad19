using System.Net;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>A network behind two spokes: who carries it, by the age of their handshakes.</summary>
[Collection(nameof(MachineRoutes))]
public sealed class StandbyTests : TimedHubTest
{
    private const string Cidr = "10.77.0.0/16";

    private Enrolled _first = null!;
    private Enrolled _second = null!;
    private string _id = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_first, _second) = (await Hub.EnrolAsync("first"), await Hub.EnrolAsync("second"));
        _id = (await Hub.Operator.PostAsync("/api/networks", new { name = "office", cidr = Cidr, via = _first.Id, standby = _second.Id }))
            .Expect(HttpStatusCode.Created).Text("id")!;
        Hear(_first, _second);
    }

    [Fact]
    public async Task The_second_takes_over_from_a_first_that_is_silent_and_gives_back_when_that_has_been_heard_for_a_while()
    {
        await PassAsync();
        Assert.Equal("first", await CarrierAsync());

        Time.Advance(TimeSpan.FromSeconds(179));
        Hear(_second);
        await PassAsync();
        Assert.Equal("first", await CarrierAsync());

        Time.Advance(TimeSpan.FromSeconds(2));
        await PassAsync();
        Assert.Equal("second", await CarrierAsync());

        Hear(_first, _second);
        await PassAsync();
        Time.Advance(TimeSpan.FromSeconds(170));
        Hear(_first, _second);
        await PassAsync();
        Assert.Equal("second", await CarrierAsync()); // it may be gone again in a moment

        Time.Advance(TimeSpan.FromSeconds(15));
        await PassAsync();
        Assert.Equal("first", await CarrierAsync());
        Assert.Equal(["first|first is back", "second|first is silent"], await MovesAsync());
    }

    [Fact]
    public async Task One_that_comes_and_goes_gets_nothing_back()
    {
        Time.Advance(TimeSpan.FromMinutes(4));
        Hear(_second);
        await PassAsync();
        for (var round = 0; round < 4; round++)
        {
            Hear(_first, _second);
            await PassAsync();
            Time.Advance(TimeSpan.FromSeconds(181)); // silent again
            Hear(_second);
            await PassAsync();
        }

        Assert.Equal("second", await CarrierAsync());
        Assert.Single(await MovesAsync());
    }

    [Fact]
    public async Task Nothing_moves_to_one_that_is_silent_too()
    {
        Time.Advance(TimeSpan.FromMinutes(10));
        await PassAsync();

        Assert.Equal("first", await CarrierAsync());
    }

    [Fact]
    public async Task A_first_that_is_switched_off_or_removed_is_silent_at_once()
    {
        (await Hub.Operator.PatchAsync($"/api/spoke/{_first.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        await PassAsync();
        Assert.Equal("second", await CarrierAsync());

        (await Hub.Operator.PatchAsync($"/api/spoke/{_first.Id}", new { enabled = true })).Expect(HttpStatusCode.OK);
        Hear(_first, _second);
        (await Hub.Operator.PostAsync($"/api/networks/{_id}/move", new { to = _first.Id })).Expect(HttpStatusCode.OK);
        Assert.Equal("first", await CarrierAsync());
        (await Hub.Operator.DeleteAsync($"/api/spoke/{_first.Id}")).Expect(HttpStatusCode.OK);
        await PassAsync();
        Assert.Equal("second", await CarrierAsync());
    }

    [Fact]
    public async Task A_first_that_was_switched_on_again_gets_nothing_by_a_handshake_of_before()
    {
        Time.Advance(TimeSpan.FromSeconds(100));
        Hear(_first);
        (await Hub.Operator.PatchAsync($"/api/spoke/{_first.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        await PassAsync();
        Time.Advance(TimeSpan.FromSeconds(2));
        (await Hub.Operator.PatchAsync($"/api/spoke/{_first.Id}", new { enabled = true })).Expect(HttpStatusCode.OK);

        Time.Advance(TimeSpan.FromSeconds(90)); // the second has been silent for too long now
        await PassAsync();
        Assert.Equal("second", await CarrierAsync());

        Hear(_first);
        await PassAsync();
        Assert.Equal("first", await CarrierAsync());
    }

    [Fact]
    public async Task A_standby_that_is_removed_gives_it_back()
    {
        (await Hub.Operator.PostAsync($"/api/networks/{_id}/move", new { to = _second.Id })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.DeleteAsync($"/api/spoke/{_second.Id}")).Expect(HttpStatusCode.OK);
        await PassAsync();

        Assert.Equal("first", await CarrierAsync());
    }

    [Fact]
    public async Task What_a_person_moved_stays_there_until_that_one_is_silent()
    {
        var moved = (await Hub.Operator.PostAsync($"/api/networks/{_id}/move", new { to = _second.Id })).Expect(HttpStatusCode.OK);
        Assert.Equal((_second.Id, "True"), (moved.Text("active"), moved.Text("held")));
        for (var minute = 0; minute < 10; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Hear(_first, _second);
            await PassAsync();
        }

        Assert.Equal("second", await CarrierAsync());
        Time.Advance(TimeSpan.FromMinutes(4));
        Hear(_first);
        await PassAsync();
        Assert.Equal("first", await CarrierAsync());
        Assert.Equal("VALIDATION_FAILED", (await Hub.Operator.PostAsync($"/api/networks/{_id}/move", new { to = "hub" })).Code);
    }

    private Task PassAsync() => Hub.Get<StandbyLoop>().RunOnceAsync(Cancel);

    /// <summary>The hub has just heard of them.</summary>
    private void Hear(params Enrolled[] spokes)
    {
        foreach (var spoke in spokes)
        {
            Hub.Get<LivePeers>().Set(new(PublicKey.Parse(spoke.Key), null, 0, 0, 0, 0, Time.GetUtcNow(), null));
        }
    }

    /// <summary>Whose peer has it on the interface; just one does.</summary>
    private async Task<string> CarrierAsync()
    {
        var peers = await Wg.PeersAsync(Hub.Interface);
        return new[] { _first, _second }.Single(spoke => peers.TryGetValue(spoke.Key, out var allowed) && allowed.Split(' ').Contains(Cidr)).Name;
    }

    private async Task<IReadOnlyList<string>> MovesAsync() =>
        [.. (await Hub.Viewer.GetAsync("/api/audit?event=network.moved")).At("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("detail").GetProperty("to")}|{entry.GetProperty("detail").GetProperty("because")}")];
}
