using System.Net;
using System.Net.Sockets;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Many who hold on to the hub without wanting anything of it: the others are still answered.</summary>
public sealed class CrowdTests : HubTest
{
    private const string Crowd = "127.0.0.2";
    private const int Places = 512;
    private const int Connections = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<RawConnection> _crowd = [];

    public override async ValueTask DisposeAsync()
    {
        _crowd.ForEach(connection => connection.Dispose());
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_slow_to_send_a_body_holds_no_place()
    {
        await GatherAsync(
            Places + 50, "POST /api/spoke/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_all_places_are_taken_a_caller_is_told_to_come_again_and_health_is_still_told()
    {
        var token = (await Hub.Get<ApiTokenService>().CreateAsync("crowd", Roles.Admin, null, Actor.Cli, Cancel)).Reveal();
        var head =
            $"PUT /api/hub/config HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
        foreach (var address in Enumerable.Range(2, 4).Select(number => $"127.0.0.{number}"))
        {
            await GatherAsync(Places / 4, head + new string(' ', 70_000), address);
        }

        Assert.True(
            await Eventually.TrueAsync(
                async () => (await Hub.Viewer.GetAsync("/api/spoke/list")).Status == HttpStatusCode.ServiceUnavailable, Patience, Cancel));
        var refusal = (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
        Assert.Equal(TimeSpan.FromSeconds(1), refusal.Headers.RetryAfter?.Delta);
        (await Hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);

        _crowd.ForEach(connection => connection.Dispose());
        Assert.True(await Eventually.TrueAsync(async () => (await Hub.Viewer.GetAsync("/api/spoke/list")).Status == HttpStatusCode.OK, Patience, Cancel));
    }

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        await GatherAsync(Connections, "");

        Assert.True(await IsTurnedAwayAsync());
        (await Hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);

        _crowd.ForEach(connection => connection.Dispose());
        using var later = Hub.Client(null, from: Crowd);
        Assert.True(await Eventually.TrueAsync(() => IsAnsweredAsync(later), Patience, Cancel));
    }

    private async Task<bool> IsTurnedAwayAsync()
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(Hub, Crowd);
            return await connection.IsClosedAsync(Patience);
        }
        catch (SocketException)
        {
            return true;    // before we heard that it stood
        }
    }

    private static async Task<bool> IsAnsweredAsync(ApiClient caller)
    {
        try
        {
            return (await caller.GetAsync("/healthz")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;   // the hub has not heard yet that the crowd has gone
        }
    }

    private async Task GatherAsync(int count, string text, string from = Crowd)
    {
        for (var i = 0; i < count; i++)
        {
            _crowd.Add(await RawConnection.OpenAsync(Hub, from, text));
        }
    }
}
