using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class LimitTests
{
    [Fact]
    public async Task Each_call_has_a_share_of_its_own_and_says_when_to_come_again()
    {
        await using var hub = new TestHub
        {
            Settings =
            {
                ["Limits:TokensPerHourPerIp"] = "2",
                ["Limits:RegistrationsPerMinutePerIp"] = "3",
                ["Limits:ScriptsPerMinutePerIp"] = "4",
            },
            Time = new ManualTime(),
        };
        await hub.InitializeAsync();
        var token = new string('A', 43);

        await SpendAsync(2, HttpStatusCode.Created, () => hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() }));
        await SpendAsync(3, HttpStatusCode.NotFound, () => hub.RegisterAsync(token, Wg.NewKey()));
        await SpendAsync(4, HttpStatusCode.NotFound, () => hub.Nobody.GetAsync($"/i/{token}"));
    }

    private static async Task SpendAsync(int share, HttpStatusCode status, Func<Task<Answer>> call)
    {
        for (var i = 0; i < share; i++)
        {
            Assert.Equal(status, (await call()).Status);
        }

        var refusal = (await call()).Expect(HttpStatusCode.TooManyRequests, "RATE_LIMITED");
        Assert.True(refusal.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }
}
