using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Bodies that are begun and not ended, over HTTP/2, where one connection carries many.</summary>
public sealed class WaitingBodiesTests : HubTest
{
    private const string Crowd = "127.0.0.2";
    private const int Bytes = 60 * 1024;
    private const int Streams = 15;
    private const int Share = WaitingBodies.OfOneAddress / (Bytes + WaitingBodies.OfEach);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Http2Connection> _crowd = [];

    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0"] };

    public override async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task One_address_has_a_share_of_the_memory_the_rest_hears_so_and_others_are_answered()
    {
        const int Connections = 3 * Share / Streams;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => BeginAsync(Streams)));

        Assert.True(await Eventually.TrueAsync(() => _crowd.Sum(connection => connection.Refused) >= Share / 2, Patience, Cancel));
        Assert.InRange(Hub.Get<WaitingBodies>().Taken, 0, WaitingBodies.OfOneAddress);
        (await Hub.RegisterAsync(new string('A', 43), Wg.NewKey())).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

        await LeaveAsync();
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<WaitingBodies>().Taken == 0, Patience, Cancel));
    }

    [Fact]
    public async Task A_small_body_that_does_not_come_is_not_waited_for_longer_than_ten_seconds()
    {
        await BeginAsync(1);
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<WaitingBodies>().Taken == Bytes + WaitingBodies.OfEach, Patience, Cancel));

        Assert.True(await Eventually.TrueAsync(() => _crowd[0].Answered == 1, Patience, Cancel));
        Assert.Equal(0, Hub.Get<WaitingBodies>().Taken);
    }

    [Fact]
    public void What_was_taken_is_given_back_also_what_was_too_much()
    {
        var bodies = new WaitingBodies();
        using (var waiting = bodies.Begin(IPAddress.Loopback))
        {
            Assert.True(waiting.TryHold(0));
            Assert.True(waiting.TryHold(WaitingBodies.OfOneAddress - WaitingBodies.OfEach));
            Assert.False(waiting.TryHold(WaitingBodies.OfOneAddress));
            using var other = bodies.Begin(IPAddress.IPv6Loopback);
            Assert.True(other.TryHold(1));
        }

        Assert.Equal(0, bodies.Taken);
    }

    /// <summary>CVE-2023-44487: requests that are called off as fast as they are sent.</summary>
    [Fact]
    public async Task Who_calls_requests_off_without_end_is_hung_up_on()
    {
        var connection = await Http2Connection.OpenAsync(Hub, Crowd);
        _crowd.Add(connection);
        var sent = 0;
        for (; sent < 20_000 && !connection.IsOver; sent++)
        {
            await connection.ResetAsync(await connection.BeginAsync("GET", "/signin", isWhole: true));
        }

        Assert.InRange(sent, 1, 19_999);
        (await Hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    private async Task BeginAsync(int streams)
    {
        var connection = await Http2Connection.OpenAsync(Hub, Crowd);
        lock (_crowd)
        {
            _crowd.Add(connection);
        }

        for (var i = 0; i < streams; i++)
        {
            await connection.WriteAsync(await connection.BeginAsync("POST", "/api/spoke/register", isWhole: false), Bytes);
        }
    }

    private async Task LeaveAsync()
    {
        foreach (var connection in _crowd)
        {
            await connection.DisposeAsync();
        }

        _crowd.Clear();
    }
}
