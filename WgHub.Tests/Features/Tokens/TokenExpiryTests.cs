using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Tokens;

public sealed class TokenExpiryTests : TimedHubTest
{
    [Fact]
    public async Task An_expired_token_is_refused_with_its_time_and_its_address_goes_to_the_next()
    {
        var (_, secret, address) = await Hub.TokenAsync("early");
        Time.Advance(TimeSpan.FromHours(24));

        var refusal = (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_EXPIRED");
        (await Hub.Nobody.GetAsync($"/i/{secret}")).Expect(HttpStatusCode.Unauthorized, "TOKEN_EXPIRED");
        var list = await Hub.Viewer.GetAsync("/api/installation/tokens");

        Assert.Equal("2026-11-22T12:00:00.000Z", refusal.Text("expiresAt"));
        Assert.Equal("expired", list.At("tokens")[0].GetProperty("state").GetString());
        Assert.Equal(address, (await Hub.TokenAsync("early")).Address);   // its name is free as well
    }

    [Fact]
    public async Task Until_its_last_millisecond_a_token_is_good()
    {
        var (_, secret, _) = await Hub.TokenAsync();
        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));

        (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_used_token_gives_its_script_and_its_answer_after_its_time()
    {
        var spoke = await Hub.EnrolAsync();
        Time.Advance(TimeSpan.FromDays(30));

        (await Hub.Nobody.GetAsync($"/i/{spoke.Token}")).Expect(HttpStatusCode.OK);
        (await Hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_spoke_may_take_the_name_of_a_token_that_ran_out()
    {
        var spoke = await Hub.EnrolAsync();
        await Hub.TokenAsync("wanted");
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new Dictionary<string, object> { ["name"] = "wanted" }))
            .Expect(HttpStatusCode.Conflict, "NAME_IN_USE");
        Time.Advance(TimeSpan.FromHours(24));

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new Dictionary<string, object> { ["name"] = "wanted" })).Expect(HttpStatusCode.OK);
    }
}
