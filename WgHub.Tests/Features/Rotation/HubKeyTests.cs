using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Rotation;

public sealed class HubKeyTests : HubTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private protected override TestHub Make() => new() { Settings = { ["Web:TrustedProxies"] = KeyedSpoke.Proxy } };

    [Fact]
    public async Task It_is_announced_held_switched_and_ended()
    {
        var (spoke, other) = (await KeyedSpoke.EnrolAsync(Hub), await KeyedSpoke.EnrolAsync(Hub));
        var before = await LiveKeyAsync();
        Assert.Equal("", (await AskAsync(spoke)).Text("nextPublicKey"));

        var next = (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK).Text("nextPublicKey")!;
        (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.Conflict, "HUB_KEY_ANNOUNCED");
        Assert.Equal(2, (await BehindAsync()).Count);
        Assert.Equal(next, (await AskAsync(spoke)).Text("nextPublicKey"));
        Assert.Equal(2, (await BehindAsync()).Count); // told is not held
        await AskAsync(spoke, next);
        await AskAsync(spoke, next);
        await AskAsync(other, Wg.NewKey());
        Assert.Single(await BehindAsync());
        Assert.Equal(before, await LiveKeyAsync());

        var refused = (await Hub.Admin.PostAsync("/api/hub/key/switch", new { })).Expect(HttpStatusCode.Conflict, "SPOKES_BEHIND");
        Assert.Contains((await BehindAsync())[0], refused.Text("error"), StringComparison.Ordinal);
        (await Hub.Admin.PostAsync("/api/hub/key/switch", new { leaveBehind = 1 })).Expect(HttpStatusCode.OK);

        Assert.Equal(next, await LiveKeyAsync());
        Assert.Equal(next, (await Hub.RegisterAsync(spoke.Token, spoke.Key.Public)).Text("hub", "publicKey"));
        Assert.Equal(next, (await Hub.Viewer.GetAsync("/api/hub/config")).Text("publicKey"));
        Assert.Equal(2, (await BehindAsync()).Count); // none has shaken hands since
        (await Hub.Admin.PostAsync("/api/hub/key/switch", new { leaveBehind = 9 })).Expect(HttpStatusCode.Conflict, "HUB_KEY_NOT_ANNOUNCED");
        Assert.Equal("", (await AskAsync(spoke, next)).Text("nextPublicKey"));
        (await Hub.Admin.PostAsync("/api/hub/key/end", new { })).Expect(HttpStatusCode.OK);
        (await Hub.Admin.PostAsync("/api/hub/key/end", new { })).Expect(HttpStatusCode.OK);
        Assert.Empty(await BehindAsync());
        Assert.Equal(["hub.key_settled", "hub.key_switched", "hub.key_announced"], await EventsAsync());
    }

    [Fact]
    public async Task A_spoke_that_shakes_hands_with_the_new_key_has_come_back()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK);
        (await Hub.Admin.PostAsync("/api/hub/key/switch", new { leaveBehind = 1 })).Expect(HttpStatusCode.OK);
        Assert.Single(await BehindAsync());

        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel); // a handshake's time is in whole seconds
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, spoke.Key, spoke.PresharedKey);

        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                await Hub.Get<Reports.Sampler>().LookAsync(Cancel);
                return (await BehindAsync()).Count == 0;
            },
            Limit,
            Cancel));
    }

    [Fact]
    public async Task It_outlives_a_restart_before_and_after_the_switch_and_is_in_the_file_for_a_boot()
    {
        var next = (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK).Text("nextPublicKey")!;
        await Hub.RestartAsync();
        Assert.NotEqual(next, await LiveKeyAsync());

        (await Hub.Admin.PostAsync("/api/hub/key/switch", new { })).Expect(HttpStatusCode.OK);
        await Hub.RestartAsync();
        await Hub.ReconcileAsync();

        Assert.Equal(next, await LiveKeyAsync());
        var line = (await File.ReadAllLinesAsync(Hub.ConfFile, Cancel)).Single(one => one.StartsWith("PrivateKey = ", StringComparison.Ordinal));
        Assert.Equal(next, (await Shell.RunAsync(["wg", "pubkey"], line.Split(" = ")[1], Cancel)).OrThrow().Trim());
    }

    [Fact]
    public async Task An_announcement_is_taken_back_without_a_trace_on_the_interface()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        var before = await LiveKeyAsync();
        (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK);

        (await Hub.Admin.PostAsync("/api/hub/key/end", new { })).Expect(HttpStatusCode.OK);

        Assert.Equal(before, await LiveKeyAsync());
        Assert.Equal("", (await AskAsync(spoke)).Text("nextPublicKey"));
        (await Hub.Admin.PostAsync("/api/hub/key/switch", new { leaveBehind = 9 })).Expect(HttpStatusCode.Conflict, "HUB_KEY_NOT_ANNOUNCED");
        Assert.Equal(["hub.key_withdrawn", "hub.key_announced"], await EventsAsync());
    }

    [Fact]
    public async Task The_next_key_is_told_through_the_tunnel_alone()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        var next = (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK).Text("nextPublicKey")!;

        (await Hub.Nobody.GetAsync($"/api/spoke/hub-keys?held={Uri.EscapeDataString(next)}")).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");
        (await AskAsync(spoke with { Address = "203.0.113.9" }, next)).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");

        Assert.Single(await BehindAsync());
    }

    [Fact]
    public async Task The_page_leads_through_the_steps_and_does_not_leave_a_spoke_behind_unread()
    {
        await KeyedSpoke.EnrolAsync(Hub);
        var person = await Hub.PersonAsync(Roles.Admin);
        Assert.Contains("Announce a next key", (await person.GetAsync("/settings/hub-key")).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await person.PostAsync("/settings/hub-key", ("Step", "announce"))).Status);
        Assert.Contains("1 does not hold the next key yet", (await person.GetAsync("/settings/hub-key")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await person.PostAsync("/settings/hub-key", ("Step", "switch"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await person.PostAsync("/settings/hub-key", ("Step", "jump"))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await person.PostAsync("/settings/hub-key", ("Step", "switch"), ("LeaveBehind", "1"))).Status);
        Assert.Contains("1 has not come back since the switch", (await person.GetAsync("/settings/hub-key")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await person.PostAsync("/settings/hub-key", ("Step", "end"))).Status);
        Assert.Contains("Announce a next key", (await person.GetAsync("/settings/hub-key")).Body, StringComparison.Ordinal);
    }

    /// <summary>Thousands of names help nobody: the page counts them by reason and shows the first, and a file has them all.</summary>
    [Fact]
    public async Task Who_is_behind_is_counted_by_reason_and_told_whole_in_a_file()
    {
        var spokes = await Task.WhenAll(Enumerable.Range(0, 53).Select(_ => Hub.EnrolAsync()));
        (await Hub.Operator.PatchAsync($"/api/spoke/{spokes[0].Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        var person = await Hub.PersonAsync(Roles.Admin);
        await person.PostAsync("/settings/hub-key", ("Step", "announce"));

        var page = (await person.GetAsync("/settings/hub-key")).Body;
        var file = (await person.GetAsync("/settings/hub-key?handler=Behind")).Expect(HttpStatusCode.OK);

        Assert.Contains("<strong>52</strong> never connected", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1</strong> disabled", page, StringComparison.Ordinal);
        Assert.Equal(50, spokes.Count(spoke => page.Contains($"href=\"/spokes/{spoke.Id}\"", StringComparison.Ordinal)));
        Assert.Equal("text/csv", file.ContentType);
        Assert.Equal([.. spokes.Select(spoke => spoke.Name).Order()], Csv.Read(file.Body).Skip(1).Select(row => row.Cells[0]).Order());
        Assert.Equal(HttpStatusCode.Forbidden, (await (await Hub.PersonAsync(Roles.Operator)).GetAsync("/settings/hub-key?handler=Behind")).Status);
    }

    private async Task<string> LiveKeyAsync() => (await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim();

    private Task<Answer> AskAsync(KeyedSpoke spoke, string held = "") => Hub.Client(null, from: KeyedSpoke.Proxy)
        .SendAsync(HttpMethod.Get, $"/api/spoke/hub-keys?held={Uri.EscapeDataString(held)}", null, ("X-Forwarded-For", spoke.Address));

    private async Task<IReadOnlyList<string>> BehindAsync() =>
        [.. (await Hub.Admin.GetAsync("/api/hub/key")).Expect(HttpStatusCode.OK).At("behind").EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>What the audit log has of the hub's key, newest first.</summary>
    private async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await Hub.Viewer.GetAsync("/api/audit"))
            .At("entries")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("event").GetString()!)
            .Where(name => name.StartsWith("hub.key", StringComparison.Ordinal))];
}
