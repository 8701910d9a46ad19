using System.Net;
using System.Net.Http.Json;
using WgHub.TestKit;

namespace WgHub.Published;

[Trait("Kind", "Published")]
[Collection(nameof(PublishedSite))]
public sealed class PublishedApiTests(PublishedSite site)
{
    [Fact]
    public async Task A_registration_is_answered_when_the_peer_is_live()
    {
        var (token, publicKey) = (await site.Admin.TokenAsync("api-json"), Wg.NewKey());

        var first = await RegisterAsync(token, publicKey, "application/json");
        var peers = await Wg.PeersAsync(site.Hub.Interface);
        var again = await RegisterAsync(token, publicKey, "application/json");

        first.Expect(HttpStatusCode.Created);
        Assert.Equal(first.At("spoke", "allowedIPs")[0].GetString(), peers[publicKey]);
        Assert.Equal("vpn.example.com:" + site.Hub.ListenPort, first.Text("hub", "publicEndpoint"));
        Assert.Equal(first.Body, again.Expect(HttpStatusCode.OK).Body);
        (await RegisterAsync(token, Wg.NewKey(), "application/json")).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
    }

    [Fact]
    public async Task A_registration_is_answered_as_a_conf_file_too()
    {
        var token = await site.Admin.TokenAsync("api-text");

        var answer = await RegisterAsync(token, Wg.NewKey(), "text/plain");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("text/plain", answer.ContentType);
        Assert.Contains("\nPrivateKey = \n", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"\nEndpoint = vpn.example.com:{site.Hub.ListenPort}\n", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_carries_its_token_and_is_sound_for_sh()
    {
        var token = await site.Admin.TokenAsync("api-script");

        var script = await site.Hub.Nobody.GetAsync($"/i/{token}");

        Assert.Equal(HttpStatusCode.OK, script.Status);
        Assert.Equal("text/x-shellscript", script.ContentType);
        Assert.Equal("attachment; filename=\"install-spoke-api-script.sh\"", script.ContentHeaders.ContentDisposition?.ToString());
        Assert.Contains($"TOKEN='{token}'", script.Body, StringComparison.Ordinal);
        (await Shell.RunAsync(["sh", "-n"], script.Body, Cancel)).OrThrow();
    }

    [Theory]
    [InlineData("GET", "/api/hub/config", null, HttpStatusCode.Unauthorized, "NOT_SIGNED_IN")]
    [InlineData("GET", "/api/nothing", null, HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("GET", "/i/0123456789012345678901234567890123456789012", null, HttpStatusCode.NotFound, "TOKEN_NOT_FOUND")]
    [InlineData("POST", "/api/spoke/register", "{", HttpStatusCode.BadRequest, "VALIDATION_FAILED")]
    [InlineData("POST", "/api/spoke/register", """{"token":7}""", HttpStatusCode.BadRequest, "VALIDATION_FAILED")]
    [InlineData("POST", "/api/spoke/register", """{"token":"x","publicKey":"x","os":"linux"}""", HttpStatusCode.NotFound, "TOKEN_NOT_FOUND")]
    public async Task A_refusal_is_problem_json(string method, string path, string? body, HttpStatusCode status, string code)
    {
        var answer = await site.Hub.Nobody.SendTextAsync(HttpMethod.Parse(method), path, body ?? "");

        answer.Expect(status, code);
        Assert.Equal((int)status, answer.At("status").GetInt32());
        Assert.NotEmpty(answer.Text("error")!);
    }

    [Fact]
    public async Task It_describes_its_calls()
    {
        var description = (await site.Admin.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK);

        Assert.Contains("/api/spoke/register", description.Members("paths"));
        Assert.Equal(["message", "spoke", "hub", "presharedKey", "gateway"], description.Members("components", "schemas", "RegisteredDto", "properties"));
    }

    private Task<Answer> RegisterAsync(string token, string publicKey, string accept) =>
        site.Hub.Nobody.SendAsync(HttpMethod.Post, "/api/spoke/register", JsonContent.Create(new { token, publicKey, os = "linux" }), ("Accept", accept));
}
