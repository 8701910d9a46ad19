using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Spokes;

public sealed class SpokeExpiryTests : TimedHubTest
{
    [Fact]
    public async Task A_near_end_is_told_once_and_the_end_itself_once_more()
    {
        var spoke = await EndsInAsync(TimeSpan.FromDays(8));
        Assert.Empty(await ToldAsync());

        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["spoke.expiring"], await ToldAsync());
        Assert.Equal(["spoke.expiring"], await ToldAsync());
        Assert.Contains("The time of one spoke ends within 7 days", (await Hub.Viewer.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("The time of one spoke ends within 7 days", (await Hub.Viewer.GetAsync("/spokes")).Body, StringComparison.Ordinal);
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/spoke/list?expiresWithinDays=7")).Text("total"));

        Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(["spoke.expiring", "spoke.expired"], await ToldAsync());
        Assert.Equal(["spoke.expiring", "spoke.expired"], await ToldAsync());
        Assert.Equal("0", (await Hub.Viewer.GetAsync("/api/spoke/list?expiresWithinDays=7")).Text("total"));
        Assert.NotNull(spoke);
    }

    [Fact]
    public async Task A_new_end_is_told_anew_and_another_change_is_not_one()
    {
        var spoke = await EndsInAsync(TimeSpan.FromDays(2));
        Assert.Single(await ToldAsync());

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { notes = "seen" })).Expect(HttpStatusCode.OK);
        Assert.Single(await ToldAsync());

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = Time.GetUtcNow().AddDays(3) })).Expect(HttpStatusCode.OK);
        Assert.Equal(2, (await ToldAsync()).Count);
    }

    [Fact]
    public async Task At_its_end_a_spoke_leaves_the_interface_and_an_extended_one_comes_back_at_its_address()
    {
        var spoke = await EndsInAsync(TimeSpan.FromMinutes(1));
        Assert.Contains(spoke.Key, await Wg.PeersAsync(Hub.Interface));

        Time.Advance(TimeSpan.FromMinutes(1));
        await Hub.ReconcileAsync();
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(Hub.Interface));

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = Time.GetUtcNow().AddDays(30) })).Expect(HttpStatusCode.OK);
        Assert.Equal($"{spoke.Address}/32", (await Wg.PeersAsync(Hub.Interface))[spoke.Key]);
    }

    [Theory]
    [InlineData("expiresWithinDays=0")]
    [InlineData("expiresWithinDays=3651")]
    [InlineData("expiresWithinDays=week")]
    public async Task A_number_of_days_out_of_range_is_refused(string query) =>
        (await Hub.Viewer.GetAsync($"/api/spoke/list?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    private async Task<Enrolled> EndsInAsync(TimeSpan span)
    {
        var spoke = await Hub.EnrolAsync();
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = Time.GetUtcNow() + span })).Expect(HttpStatusCode.OK);
        return spoke;
    }

    /// <summary>What was told after another look, the oldest first.</summary>
    private async Task<IReadOnlyList<string>> ToldAsync()
    {
        await Hub.Get<ExpiryNotices>().RunOnceAsync(Cancel);
        return Hub.Database.Read(
            db => db.Query($"select event from audit where event in ('spoke.expiring', 'spoke.expired') order by sequence", row => row.Text("event")));
    }
}
