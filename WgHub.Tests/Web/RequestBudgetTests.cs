using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Requests that are begun and not ended, over HTTP/2, where one connection carries many.</summary>
public sealed class RequestBudgetTests : HubTest
{
    private const string Crowd = "127.0.0.2";
    private const int Bytes = 60 * 1024;
    private const int Streams = 15;
    private const int Share = RequestBudget.OfOneAddress / (Bytes + RequestBudget.OfEach);

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
        Assert.InRange(Hub.Get<RequestBudget>().Taken, 0, RequestBudget.OfOneAddress);
        (await Hub.RegisterAsync(new string('A', 43), Wg.NewKey())).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

        await LeaveAsync();
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<RequestBudget>().Taken == 0, Patience, Cancel));
    }

    [Fact]
    public async Task A_small_body_that_does_not_come_is_not_waited_for_longer_than_ten_seconds()
    {
        await BeginAsync(1);
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<RequestBudget>().Taken == Bytes + RequestBudget.OfEach, Patience, Cancel));

        Assert.True(await Eventually.TrueAsync(() => _crowd[0].Answered == 1, Patience, Cancel));
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<RequestBudget>().Taken == 0, Patience, Cancel));
    }

    [Fact]
    public void What_was_taken_is_given_back_also_what_was_too_much()
    {
        var budget = new RequestBudget();
        using (var waiting = budget.Begin(IPAddress.Loopback))
        {
            Assert.True(waiting.TryHold(0));
            Assert.True(waiting.TryHold(RequestBudget.OfOneAddress - RequestBudget.OfEach));
            Assert.False(waiting.TryHold(RequestBudget.OfOneAddress));
            using var other = budget.Begin(IPAddress.IPv6Loopback);
            Assert.True(other.TryHold(1));
        }

        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Answers_that_nobody_takes_are_bounded_too_and_leave_places_for_others()
    {
        var path = $"/a/{Assets.ByFile.Values.MaxBy(asset => asset.Size)!.File}";
        var crowd = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            var connection = await Http2Connection.OpenAsync(Hub, Crowd, window: 0);
            for (var i = 0; i < Streams; i++)
            {
                await connection.BeginAsync("GET", path, isWhole: true);
            }

            return connection;
        }));
        _crowd.AddRange(crowd);

        Assert.True(await Eventually.TrueAsync(() => crowd.Sum(connection => connection.Refused) >= Streams, Patience, Cancel));
        Assert.InRange(Hub.Get<RequestBudget>().Taken, 1, RequestBudget.OfOneAddress);
        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_has_very_many_connections_gets_no_more_of_those_that_carry_many_requests()
    {
        for (var i = 0; i < 64; i++)
        {
            _crowd.Add(await Http2Connection.OpenAsync(Hub, Crowd));
        }

        // Neither side speaks what the other wants, so that the handshake fails (RFC 7301, 3.2).
        await Assert.ThrowsAnyAsync<Exception>(() => Http2Connection.OpenAsync(Hub, Crowd));
        _crowd.Add(await Http2Connection.OpenAsync(Hub, "127.0.0.3"));
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
