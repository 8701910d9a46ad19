using WgHub.WireGuard;

namespace WgHub.Features.Reports;

public sealed class HubReportsTests
{
    private readonly HubReports _reports = new(new("hub"));

    [Fact]
    public async Task Who_asks_before_a_look_begins_shares_it_and_who_asks_while_it_is_made_gets_the_next()
    {
        var (one, other) = (_reports.ReadAsync(false, Cancel), _reports.ReadAsync(true, Cancel));
        var wish = _reports.Begin();
        var late = _reports.ReadAsync(false, Cancel);

        wish.Grant(At(1));

        Assert.True(wish.IsCompared);
        Assert.Same(await one, await other);
        Assert.False(late.IsCompleted);
        var next = _reports.Begin();
        Assert.False(next.IsCompared);
        next.Grant(At(2));
        Assert.Equal(At(2).At, (await late)!.At);
    }

    [Fact]
    public async Task One_who_gives_up_leaves_the_others_waiting()
    {
        using var patience = new CancellationTokenSource();
        var (gone, other) = (_reports.ReadAsync(false, patience.Token), _reports.ReadAsync(false, Cancel));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        _reports.Begin().Grant(At(1));

        Assert.NotNull(await other);
    }

    [Fact]
    public void An_older_report_does_not_take_a_newer_ones_place()
    {
        _reports.Publish(At(2));
        _reports.Publish(At(1));

        Assert.Equal(At(2).At, _reports.Last!.At);
    }

    private static DeviceReport At(int seconds) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(seconds), seconds, "life", new Dictionary<PublicKey, PeerSeen>(), PeerPlan.Nothing, null);
}
