using System.Net;
using System.Net.Http.Json;
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

    [Fact]
    public async Task All_addresses_together_get_tokens_of_twenty()
    {
        await using var hub = new TestHub { Settings = { ["Limits:TokensPerHourPerIp"] = "1", ["Web:TrustedProxies"] = "127.0.0.1" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var address = 0;

        await SpendAsync(20, HttpStatusCode.Created, () => hub.Operator.SendAsync(
            HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = Enrolling.NewName() }),
            ("X-Forwarded-For", $"203.0.113.{++address}")));
    }

    [Fact]
    public async Task Set_up_codes_cannot_be_tried_out()
    {
        await using var hub = new TestHub { IsSetUp = false, Settings = { ["Limits:SetupsPerMinutePerIp"] = "5" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var form = await hub.Nobody.GetAsync("/setup");
        var cookies = string.Join("; ", form.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var token = form.Body.Split("__RequestVerificationToken")[1].Split("value=\"")[1].Split('"')[0];
        var browser = hub.Client(null, cookies);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await TryAsync()).Status);
        }

        var refusal = await TryAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, refusal.Status);
        Assert.True(refusal.Headers.RetryAfter?.Delta > TimeSpan.Zero);

        Task<Answer> TryAsync() => browser.SendAsync(HttpMethod.Post, "/setup", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token,
            ["Administrator.Code"] = "AAAAA-AAAAA-AAAAA-AAAAA",
            ["Administrator.Name"] = "ada",
            ["Administrator.Password"] = "correct horse battery",
        }));
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
