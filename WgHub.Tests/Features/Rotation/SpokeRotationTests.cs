using System.Net;
using WgHub.Features.Reports;
using WgHub.TestKit;

namespace WgHub.Features.Rotation;

public sealed class SpokeRotationTests : TimedHubTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private protected override TestHub Make() => new() { Time = Time, Settings = { ["Web:TrustedProxies"] = KeyedSpoke.Proxy } };

    [Fact]
    public async Task The_addresses_go_to_the_new_key_at_its_first_handshake_and_the_one_before_goes_when_the_spoke_says_so()
    {
        var (spoke, next) = (await KeyedSpoke.EnrolAsync(Hub), await WgKey.NewAsync());
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, spoke.Key, spoke.PresharedKey);

        var begun = (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created);
        var presharedKey = begun.Text("presharedKey")!;
        Assert.Equal($"{spoke.Address}/32", (await PeersAsync())[spoke.Key.Public]);
        Assert.Equal("(none)", (await PeersAsync())[next.Public]);
        Assert.NotEqual(spoke.PresharedKey, presharedKey);

        await tunnel.UseAsync(next, presharedKey);
        Assert.True(await HasAddressAsync(spoke, next));
        Assert.Equal("(none)", (await PeersAsync())[spoke.Key.Public]);

        // Its files may still hold the one or the other: both are good for its line.
        (await Hub.RegisterAsync(spoke.Token, spoke.Key.Public)).Expect(HttpStatusCode.OK);
        Assert.Equal(presharedKey, (await Hub.RegisterAsync(spoke.Token, next.Public)).Expect(HttpStatusCode.OK).Text("presharedKey"));
        Assert.Equal(presharedKey, (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.OK).Text("presharedKey"));

        (await spoke.FinishAsync(next.Public, presharedKey)).Expect(HttpStatusCode.OK);
        (await spoke.FinishAsync(next.Public, presharedKey)).Expect(HttpStatusCode.OK);
        Assert.Equal([next.Public], (await PeersAsync()).Keys);
        (await Hub.RegisterAsync(spoke.Token, next.Public)).Expect(HttpStatusCode.OK);
        (await Hub.RegisterAsync(spoke.Token, spoke.Key.Public)).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
        await Hub.ReconcileAsync();
        Assert.Equal(["spoke.rotated", "spoke.rotation_moved", "spoke.rotation_begun"], await EventsAsync());
    }

    [Fact]
    public async Task Traffic_goes_on_from_where_it_was()
    {
        var (spoke, next) = (await KeyedSpoke.EnrolAsync(Hub), await WgKey.NewAsync());
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, spoke.Key, spoke.PresharedKey);
        Assert.True(await Eventually.TrueAsync(async () => await ReceivedAsync(spoke) > 300, Limit, Cancel));
        var before = await ReceivedAsync(spoke);

        var presharedKey = (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created).Text("presharedKey")!;
        await tunnel.UseAsync(next, presharedKey);

        Assert.True(await HasAddressAsync(spoke, next));
        Assert.True(await ReceivedAsync(spoke) >= before);
        Assert.True(await Eventually.TrueAsync(async () => await ReceivedAsync(spoke) > before + 100, Limit, Cancel));
        Assert.NotNull((await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Text("lastHandshake"));
    }

    [Fact]
    public async Task A_new_key_that_does_not_come_in_two_minutes_is_let_in_no_longer()
    {
        var (spoke, next) = (await KeyedSpoke.EnrolAsync(Hub), await WgKey.NewAsync());
        var presharedKey = (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created).Text("presharedKey");

        Time.Advance(TimeSpan.FromSeconds(119));
        await Hub.Get<RotationLoop>().RunOnceAsync(Cancel);
        Assert.Equal("(none)", (await PeersAsync())[next.Public]);
        Assert.Equal(presharedKey, (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.OK).Text("presharedKey"));

        Time.Advance(TimeSpan.FromSeconds(121));
        Assert.True(await Eventually.TrueAsync(async () => !(await PeersAsync()).ContainsKey(next.Public), Limit, Cancel));
        Assert.Equal($"{spoke.Address}/32", (await PeersAsync())[spoke.Key.Public]);
        Assert.Equal(["spoke.rotation_ended", "spoke.rotation_begun"], await EventsAsync());
        (await spoke.FinishAsync(next.Public, presharedKey!)).Expect(HttpStatusCode.Forbidden, "PROOF_WRONG");
        (await spoke.FinishAsync(next.Public, spoke.PresharedKey)).Expect(HttpStatusCode.Conflict, "ROTATION_OVER");
    }

    [Fact]
    public async Task A_spoke_that_comes_back_with_its_key_before_has_its_addresses_again()
    {
        var (spoke, next) = (await KeyedSpoke.EnrolAsync(Hub), await WgKey.NewAsync());
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, spoke.Key, spoke.PresharedKey);
        var presharedKey = (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created).Text("presharedKey")!;
        await tunnel.UseAsync(next, presharedKey);
        Assert.True(await HasAddressAsync(spoke, next));

        // As a machine that lost its power before its files had the new key. A handshake's time is in whole seconds.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);
        await tunnel.UseAsync(spoke.Key, spoke.PresharedKey);

        Assert.True(await HasAddressAsync(spoke, spoke.Key));
        Time.Advance(TimeSpan.FromSeconds(121));
        Assert.True(await Eventually.TrueAsync(async () => !(await PeersAsync()).ContainsKey(next.Public), Limit, Cancel));
        Assert.Equal(spoke.PresharedKey, (await Hub.RegisterAsync(spoke.Token, spoke.Key.Public)).Expect(HttpStatusCode.OK).Text("presharedKey"));
    }

    [Fact]
    public async Task A_hub_that_was_away_waits_anew_and_takes_a_handshake_of_that_time()
    {
        var (spoke, other) = (await KeyedSpoke.EnrolAsync(Hub), await KeyedSpoke.EnrolAsync(Hub));
        var (next, silent) = (await WgKey.NewAsync(), await WgKey.NewAsync());
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, spoke.Key, spoke.PresharedKey);
        var presharedKey = (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created).Text("presharedKey")!;
        (await other.BeginAsync(silent.Public)).Expect(HttpStatusCode.Created);

        await Hub.StopAsync();
        await tunnel.UseAsync(next, presharedKey);
        Time.Advance(TimeSpan.FromHours(1));
        await Hub.RestartAsync();

        Assert.True(await HasAddressAsync(spoke, next));
        await Hub.ReconcileAsync();
        Assert.Equal("(none)", (await PeersAsync())[silent.Public]);
        Assert.Equal("""{"missing":0,"unknown":0,"changed":0}""", (await Hub.Viewer.GetAsync("/api/hub/status")).At("drift").GetRawText());
    }

    [Fact]
    public async Task Removed_in_the_middle_it_leaves_neither_key_and_no_drift()
    {
        var (spoke, next) = (await KeyedSpoke.EnrolAsync(Hub), await WgKey.NewAsync());
        (await spoke.BeginAsync(next.Public)).Expect(HttpStatusCode.Created);

        (await Hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);
        await Hub.ReconcileAsync();

        Assert.True(await Eventually.TrueAsync(async () => (await PeersAsync()).Count == 0, Limit, Cancel));
        Assert.Equal(0, (await Hub.Viewer.GetAsync("/api/audit?event=drift.mended")).At("total").GetInt32());
        Assert.True(
            await Eventually.TrueAsync(
                async () => (await Hub.RegisterAsync((await Hub.TokenAsync()).Secret, next.Public)).Status == HttpStatusCode.Created, Limit, Cancel));
    }

    private Task<IReadOnlyDictionary<string, string>> PeersAsync() => Wg.PeersAsync(Hub.Interface);

    private Task<bool> HasAddressAsync(KeyedSpoke spoke, WgKey key) => Eventually.TrueAsync(
        async () =>
            (await PeersAsync())[key.Public] == $"{spoke.Address}/32" && (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Text("publicKey") == key.Public,
        Limit,
        Cancel);

    private async Task<long> ReceivedAsync(KeyedSpoke spoke)
    {
        await Hub.Get<Sampler>().LookAsync(Cancel);
        return (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).At("transferRx").GetInt64();
    }

    /// <summary>What the audit log has of rotations, newest first.</summary>
    private async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await Hub.Viewer.GetAsync("/api/audit"))
            .At("entries")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("event").GetString()!)
            .Where(name => name.Contains("rotat", StringComparison.Ordinal))];
}
