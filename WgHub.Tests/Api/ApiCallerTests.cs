using System.Net;
using System.Net.Sockets;
using System.Text;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Hub;
using WgHub.Features.Tls;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Api;

public sealed class ApiCallerTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task What_is_sent_and_answered_are_the_rooms_own_records()
    {
        using var api = await CallerAsync(hub);
        var name = Enrolling.NewName();

        var made = await api.SendAsync(
            HttpMethod.Post, "/api/installation/token", new(name), TokenJson.Default.CreateToken, TokenJson.Default.TokenCreatedDto, Cancel);
        var config = await api.GetAsync("/api/hub/config", HubJson.Default.HubDto, Cancel);

        Assert.Equal((name, TokenState.Pending), (made.Token.SpokeName, made.Token.State));
        Assert.Equal(hub.Network, config.NetworkCIDR);
    }

    [Fact]
    public async Task A_refusal_tells_its_code_its_sentence_and_the_field()
    {
        using var api = await CallerAsync(hub);
        await hub.TokenAsync("api-taken");

        var refusal = await Assert.ThrowsAsync<ApiException>(() => api.SendAsync(
            HttpMethod.Post, "/api/installation/token", new("API-TAKEN"), TokenJson.Default.CreateToken, TokenJson.Default.TokenCreatedDto, Cancel));

        Assert.Equal((409, "NAME_IN_USE"), (refusal.Status, refusal.Code));
        Assert.Contains("'API-TAKEN' is taken", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([refusal.Message], refusal.Errors["spokeName"]);
        Assert.Null(refusal.RetryAfter);
    }

    [Fact]
    public async Task Whoever_calls_too_often_is_told_when_to_come_again()
    {
        await using var strict = new TestHub { Settings = new() { ["Limits:ScriptsPerMinutePerIp"] = "1" } };
        await strict.InitializeAsync();
        using var api = new ApiCaller(new(new(strict.Url)), null);
        await api.SendAsync(HttpMethod.Get, "/i/install.ps1", null, Cancel);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => api.SendAsync(HttpMethod.Get, "/i/install.ps1", null, Cancel));

        Assert.Equal((429, "RATE_LIMITED"), (refusal.Status, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(121)); // two minutes at most, rounded up
    }

    [Fact]
    public async Task The_pinned_certificate_is_taken_and_no_other()
    {
        await using var https = new TestHub { Urls = ["https://127.0.0.1:0"] };
        await https.InitializeAsync();
        var fingerprint = https.Get<Certificates>().Current!.Fingerprint;
        var server = new ApiServer(new(https.Url));
        using var right = new ApiCaller(server with { Fingerprint = fingerprint }, null);
        using var wrong = new ApiCaller(server with { Fingerprint = (fingerprint[0] == '0' ? "1" : "0") + fingerprint[1..] }, null);
        using var none = new ApiCaller(server, null);

        Assert.NotEmpty(await right.SendAsync(HttpMethod.Get, "/healthz", null, Cancel));
        await Assert.ThrowsAsync<HttpRequestException>(() => wrong.SendAsync(HttpMethod.Get, "/healthz", null, Cancel));
        await Assert.ThrowsAsync<HttpRequestException>(() => none.SendAsync(HttpMethod.Get, "/healthz", null, Cancel));
    }

    [Theory]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html", "<h1>502</h1>", 502)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json", "{\"code\": 5, \"errors\": []}", 400)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json", "{\"code\"", 400)]
    public async Task A_refusal_of_somebody_between_has_a_status_and_no_code(string head, string body, int status)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var api = new ApiCaller(new(new($"http://{listener.LocalEndpoint}")), null);

        var call = Assert.ThrowsAsync<ApiException>(() => api.SendAsync(HttpMethod.Get, "/", null, Cancel));
        using var connection = await listener.AcceptSocketAsync(Cancel);
        await connection.ReceiveAsync(new byte[4096], Cancel);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"{head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Cancel);

        var refusal = await call;
        Assert.Equal((status, ""), (refusal.Status, refusal.Code));
        Assert.Contains($"{status}", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<ApiCaller> CallerAsync(TestHub hub) =>
        new(new(new(hub.Url)), new((await hub.Get<ApiTokenService>().CreateAsync("api caller", Roles.Admin, null, Actor.Cli, Cancel)).Reveal()));
}
