using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class ProblemTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_refusal_has_the_members_that_programs_hold_on_to()
    {
        var answer =
            (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = "a b", customIP = "x", expiresInHours = 0 }))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal(["title", "status", "detail", "instance", "code", "error", "requestId", "errors"], answer.Members());
        Assert.Equal(("Bad Request", "400", "/api/installation/token"), (answer.Text("title"), answer.Text("status"), answer.Text("instance")));
        Assert.Equal(["spokeName", "customIP", "expiresInHours"], answer.Members("errors"));   // all at once, not one after the other
        Assert.Equal(answer.Text("error"), answer.At("errors", "spokeName")[0].GetString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("POST", "/api/hub/config", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("POST", "/api/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    public async Task An_address_or_a_verb_that_is_not_there_is_told_so(string method, string path, HttpStatusCode status, string code) =>
        (await hub.Admin.SendTextAsync(new(method), path, "{}")).Expect(status, code);

    [Theory]
    [InlineData("/api/spoke/list")]
    [InlineData("/openapi/v1.json")]
    public async Task A_program_that_is_not_signed_in_is_told_so(string path)
    {
        var answer = (await hub.Nobody.GetAsync(path)).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");

        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_browser_that_is_not_signed_in_is_led_to_sign_in_and_back()
    {
        var answer = await hub.Nobody.GetAsync("/spokes?q=a");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.EndsWith("/signin?returnUrl=%2Fspokes%3Fq%3Da", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
    }
}
