using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WgHub.Features.Reports;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Notifications;

/// <summary>Who connects and who does not come any more, from looks at the interface. The clock is the test's.</summary>
public sealed class PresenceTests : TimedHubTest
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, DateTimeOffset> _handshakes = [];
    private HubReports _reports = null!;
    private PresenceLoop _loop = null!;
    private string _generation = "first life";
    private long _look;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await BeginAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        _loop.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_spoke_that_stays_is_told_once_and_one_that_goes_once_after_its_time()
    {
        var (stays, goes) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await LiveAsync(TimeSpan.FromMinutes(2));
        await LiveAsync(TimeSpan.FromMinutes(30), stays, goes);
        Assert.Equal(new[] { (stays.Id, "spoke.connected"), (goes.Id, "spoke.connected") }.Order(), Told().Order());

        await LiveAsync(TimeSpan.FromSeconds(280), stays);
        Assert.Equal(2, Told().Count);
        await LiveAsync(TimeSpan.FromMinutes(30), stays);
        Assert.Equal((goes.Id, "spoke.disconnected"), Assert.Single(Told().Skip(2)));
        await LiveAsync(TimeSpan.FromMinutes(2), stays, goes);
        Assert.Equal((goes.Id, "spoke.connected"), Assert.Single(Told().Skip(3)));
    }

    [Fact]
    public async Task A_real_handshake_is_seen_without_a_look_of_its_own()
    {
        Time.Set(TimeProvider.System.GetUtcNow());
        var key = await WgKey.NewAsync();
        var (_, secret, _) = await Hub.TokenAsync("oslo");
        var registered = await Hub.RegisterAsync(secret, key.Public);
        _loop = new(Hub.Get<PresenceStore>(), Hub.Get<HubReports>(), Hub.Get<IOptions<NotificationOptions>>(), Time, NullLogger<PresenceLoop>.Instance);
        await Hub.ReconcileAsync();
        await _loop.RunOnceAsync(Cancel);
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, key, registered.Text("presharedKey")!);
        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                Time.Set(TimeProvider.System.GetUtcNow());
                await Hub.ReconcileAsync();
                await _loop.RunOnceAsync(Cancel);
                return Told().Count == 1;
            },
            TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal("spoke.connected", Told()[0].Event);
    }

    [Fact]
    public async Task Whoever_shakes_hands_at_the_last_moment_never_flaps()
    {
        var spoke = await Hub.EnrolAsync();
        await LiveAsync(TimeSpan.FromMinutes(1));
        for (var hour = 0; hour < 12; hour++)
        {
            await LiveAsync(Step, spoke);
            await LiveAsync(TimeSpan.FromSeconds(260)); // others call this gone after 120 s
        }

        Assert.Single(Told());
    }

    [Fact]
    public async Task One_that_comes_and_goes_is_told_once_with_a_count()
    {
        var spoke = await Hub.EnrolAsync();
        await LiveAsync(TimeSpan.FromMinutes(1));
        for (var time = 0; time < 10; time++)
        {
            await LiveAsync(TimeSpan.FromMinutes(1), spoke);
            await LiveAsync(TimeSpan.FromMinutes(7));
        }

        Assert.Equal(
            ["spoke.connected", "spoke.disconnected", "spoke.connected", "spoke.disconnected", "spoke.flapping"], Told().Select(one => one.Event));
        await LiveAsync(TimeSpan.FromMinutes(40), spoke);
        Assert.Equal("spoke.connected", Told()[^1].Event);
        Assert.Equal("""{"changes":21}""", Happenings()[^1].Detail);
        Assert.Equal(6, Told().Count);
    }

    [Fact]
    public async Task A_restart_tells_nothing_and_what_went_meanwhile_later()
    {
        var (stays, goes) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await LiveAsync(TimeSpan.FromMinutes(1));
        await LiveAsync(TimeSpan.FromMinutes(5), stays, goes);
        for (var time = 0; time < 3; time++)
        {
            await Hub.RestartAsync();
            await BeginAsync();
            Time.Advance(TimeSpan.FromMinutes(20)); // it was off so long
            await LiveAsync(TimeSpan.FromMinutes(4), stays);
            Assert.Equal(2, Told().Count);
        }

        await LiveAsync(TimeSpan.FromMinutes(5), stays);
        Assert.Equal((goes.Id, "spoke.disconnected"), Assert.Single(Told().Skip(2)));
    }

    [Theory]
    [InlineData(8 * 60)]    // the machine slept, or its clock was set ahead
    [InlineData(-8 * 60)]   // or back
    [InlineData(-4)]
    public async Task A_gap_or_a_jump_of_the_clock_tells_nothing_false(int minutes)
    {
        var (stays, gone) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await LiveAsync(TimeSpan.FromMinutes(1));
        await LiveAsync(TimeSpan.FromMinutes(5), stays, gone);
        await LiveAsync(TimeSpan.FromMinutes(6), stays);
        Assert.Equal(3, Told().Count);

        Time.Advance(TimeSpan.FromMinutes(minutes));
        await LiveAsync(TimeSpan.FromMinutes(2)); // until its next handshake
        await LiveAsync(TimeSpan.FromHours(10), stays);
        Assert.Equal(3, Told().Count);
        await LiveAsync(TimeSpan.FromMinutes(6));
        Assert.Equal((stays.Id, "spoke.disconnected"), Assert.Single(Told().Skip(3)));
    }

    [Fact]
    public async Task A_new_life_of_the_interface_and_a_wg_that_fails_tell_nothing()
    {
        var spoke = await Hub.EnrolAsync();
        await LiveAsync(TimeSpan.FromMinutes(1));
        await LiveAsync(TimeSpan.FromMinutes(5), spoke);
        (_generation, _handshakes[spoke.Key]) = ("second life", default);
        await LiveAsync(TimeSpan.FromMinutes(1));
        await LiveAsync(TimeSpan.FromMinutes(10), spoke);
        for (var minute = 0; minute < 20; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            _reports.Publish(new(Time.GetUtcNow(), ++_look, "", new Dictionary<PublicKey, PeerSeen>(), PeerPlan.Nothing, "wg hangs"));
            await _loop.RunOnceAsync(Cancel);
        }

        await LiveAsync(TimeSpan.FromMinutes(10), spoke);
        Assert.Single(Told());
    }

    [Fact]
    public async Task Who_is_switched_off_by_somebody_is_not_told_as_gone()
    {
        var spoke = await Hub.EnrolAsync();
        await LiveAsync(TimeSpan.FromMinutes(1));
        await LiveAsync(TimeSpan.FromMinutes(5), spoke);
        await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        await LiveAsync(TimeSpan.FromMinutes(20));
        Assert.Single(Told());

        await Hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}");
        await LiveAsync(TimeSpan.FromMinutes(20));
        Assert.Single(Told());
    }

    [Fact]
    public async Task Those_that_are_there_when_it_looks_for_the_first_time_are_not_told()
    {
        await Hub.Database.NoteAsync(tx => tx.Execute($"delete from presence_looks"), Cancel);
        var spoke = await Hub.EnrolAsync();
        await LiveAsync(TimeSpan.FromMinutes(5), spoke);
        Assert.Empty(Told());
        await LiveAsync(TimeSpan.FromMinutes(6));
        Assert.Equal((spoke.Id, "spoke.disconnected"), Assert.Single(Told()));
    }

    /// <summary>A loop that is as good as the hub's own, and sees what the test lets it see.</summary>
    private async Task BeginAsync()
    {
        await Hub.Get<PresenceLoop>().StopAsync(Cancel);
        _reports = new(Hub.Database.OwnHub);
        _loop = new(Hub.Get<PresenceStore>(), _reports, Hub.Get<IOptions<NotificationOptions>>(), Time, NullLogger<PresenceLoop>.Instance);
    }

    private List<Occurrence> Happenings() =>
        [.. Hub.Database.Read(tx => HappeningStore.After(tx, 0, 1000)).Select(one => one.One!).Where(one => one.SubjectId is not null)];

    private List<(string Id, string Event)> Told() => [.. Happenings().Select(one => (one.SubjectId!, one.Event.Name))];

    /// <summary>So long some spokes shake hands at each look and the others do not.</summary>
    private async Task LiveAsync(TimeSpan time, params Enrolled[] alive)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            foreach (var spoke in alive)
            {
                _handshakes[spoke.Key] = Time.GetUtcNow();
            }

            var peers = _handshakes.ToDictionary(
                one => PublicKey.Parse(one.Key), one => new PeerSeen("", "", one.Value == default ? 0 : one.Value.ToUnixTimeSeconds(), 0, 0));
            _reports.Publish(new(Time.GetUtcNow(), ++_look, _generation, peers, PeerPlan.Nothing, null));
            await _loop.RunOnceAsync(Cancel);
        }
    }
}
