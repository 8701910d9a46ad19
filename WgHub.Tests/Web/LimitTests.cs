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

    [Fact]
    public async Task A_program_has_what_was_made_counted_and_not_what_was_refused()
    {
        await using var hub = new TestHub { Settings = { ["Limits:TokensPerHourPerIp"] = "2" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var bad = new { spokeName = "no name!" };
        for (var i = 0; i < 5; i++)
        {
            await RefusedAsync("/api/installation/token", bad);
            await RefusedAsync("/api/installation/tokens/import", new { tokens = new[] { bad } });
            await RefusedAsync("/api/proxmox/cluster-token", new { maximumNodes = -1 });
            (await hub.Operator.PostAsync("/api/spoke/0/reenrol-token", new { })).Expect(HttpStatusCode.NotFound, WebErrors.NotFoundCode);
        }

        await SpendAsync(2, HttpStatusCode.Created, () => hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() }));

        async Task RefusedAsync(string path, object body) =>
            (await hub.Operator.PostAsync(path, body)).Expect(HttpStatusCode.BadRequest, WebErrors.ValidationFailed);
    }

    [Fact]
    public async Task Somebody_before_a_browser_makes_as_many_tokens_as_they_need()
    {
        await using var hub = new TestHub { Settings = { ["Limits:TokensPerHourPerIp"] = "1" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var person = await hub.PersonAsync(Roles.Operator);

        for (var i = 0; i < 12; i++)
        {
            (await person.PostAsync("/tokens", ("Fields.SpokeName", Enrolling.NewName()))).Expect(HttpStatusCode.OK);
        }

        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() })).Expect(HttpStatusCode.Created);
        var refusal = await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() });
        Assert.Matches(@"Try again in \d+ (minutes|hours?); the limit is the setting Limits:TokensPerHourPerIp\.", refusal.Body);
    }

    [Fact]
    public async Task Strangers_at_the_same_address_do_not_use_up_the_share_of_somebody_who_is_signed_in()
    {
        await using var hub = new TestHub { Settings = { ["Limits:ProviderSignInsPerTenMinutesPerIp"] = "2" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var (one, other) = (await hub.PersonAsync(Roles.Viewer), await hub.PersonAsync(Roles.Viewer));
        var limits = hub.Get<Limits>();

        Assert.Equal(2, await TakenAsync(null));
        Assert.Equal(2, await TakenAsync(one));
        Assert.Equal(2, await TakenAsync(other));

        async Task<int> TakenAsync(Person? person)
        {
            var taken = 0;
            for (var i = 0; i < 4; i++)
            {
                var answer = await (person is null
                    ? hub.Nobody.SendAsync(HttpMethod.Post, "/signin/oidc", null, ("Sec-Fetch-Site", "same-origin"))
                    : person.PostAsync("/confirm?handler=Provider"));
                taken += answer.Status == HttpStatusCode.TooManyRequests ? 0 : 1;
            }

            return taken;
        }
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
