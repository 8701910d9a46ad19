using System.Net;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>What is told of a spoke whose machine does not exist: all but the tunnel's other end is real.</summary>
public sealed class DiagnosisEndpointTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_spoke_that_never_came_is_told_so()
    {
        var spoke = await hub.EnrolAsync();

        var answer = (await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}/diagnosis")).Expect(HttpStatusCode.OK);

        Assert.Equal(spoke.Name, answer.Text("spokeName"));
        Assert.Equal("pending", answer.Text("status"));
        Assert.Contains(
            answer.At("findings").EnumerateArray(),
            finding => finding.GetProperty("code").GetString() == "NOTHING_ARRIVES" && finding.GetProperty("level").GetString() == "problem");
    }

    [Fact]
    public async Task A_spoke_that_is_switched_off_is_told_so_on_its_page()
    {
        var spoke = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);

        var page = (await hub.Viewer.GetAsync($"/spokes/{spoke.Id}/diagnosis")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("switched off", page, StringComparison.Ordinal);
        Assert.Contains($"/spokes/{spoke.Id}/diagnosis", (await hub.Viewer.GetAsync($"/spokes/{spoke.Id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spoke_that_is_not_there_is_not_found() =>
        (await hub.Viewer.GetAsync("/api/spoke/nobody/diagnosis")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");

    [Fact]
    public void Moves_are_counted_for_some_minutes_and_forgotten_with_the_peer()
    {
        var (time, key) = (new ManualTime(), PublicKey.Parse(Wg.NewKey()));
        var moves = new EndpointMoves(time);
        for (var i = 0; i < 100; i++)
        {
            moves.Note(key);
        }

        Assert.Equal(16, moves.Count(key));
        time.Advance(EndpointMoves.Window);
        Assert.Equal(0, moves.Count(key));

        moves.Note(key);
        moves.Forget(key);
        Assert.Equal(0, moves.Count(key));
    }
}
