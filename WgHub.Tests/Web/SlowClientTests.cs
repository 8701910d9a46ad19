using System.Net;
using System.Net.Sockets;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Who sends by drips is cut off. It takes the server's own time to see that, so this is not in the daily loop.</summary>
[Trait("Kind", "Lab")]
public sealed class SlowClientTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")]
    [InlineData("POST /api/spoke/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")]
    [InlineData("POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n")]
    [InlineData("POST /api/spoke/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n")]
    public async Task Headers_or_a_body_by_drips_end_within_seconds(string beginning)
    {
        using var slow = await RawConnection.OpenAsync(hub, "127.0.0.2", beginning);

        Assert.True(await Eventually.TrueAsync(() => IsCutOffAsync(slow), Patience, TestContext.Current.CancellationToken));
        (await hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    /// <summary>Sends one byte more and looks for half a second whether the hub has had enough.</summary>
    private static async Task<bool> IsCutOffAsync(RawConnection connection)
    {
        try
        {
            await connection.SendAsync(" ");
            return await connection.IsClosedAsync(Drip);
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
