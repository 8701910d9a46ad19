using System.Net;
using System.Text.Json.Nodes;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The provider ends sessions by itself.</summary>
public sealed class BackchannelLogoutTests(OidcHub site) : IClassFixture<OidcHub>
{
    /// <summary>What is wrong with a logout token, and the reason of its refusal.</summary>
    private static readonly Dictionary<string, (string Reason, Action<JsonObject> Change)> Bad = new()
    {
        ["a nonce"] = ("logout-event", claims => claims["nonce"] = "a"),
        ["no events"] = ("logout-event", claims => claims.Remove("events")),
        ["empty events"] = ("logout-event", claims => claims["events"] = new JsonObject()),
        ["another event"] = ("logout-event", claims => claims["events"] = new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() }),
        ["events in an array"] = ("logout-event", claims => claims["events"] = new JsonArray("http://schemas.openid.net/event/backchannel-logout")),
        ["an event that is no object"] =
            ("logout-event", claims => claims["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = true }),
        ["no id"] = ("logout-subject", claims => claims.Remove("jti")),
        ["an id that is no text"] = ("logout-subject", claims => claims["jti"] = 1),
        ["nobody to end"] = ("logout-subject", Removing("sub", "sid")),
        ["a session that is no text"] = ("logout-subject", claims => claims["sid"] = new JsonArray("session 1")),
        ["an old one"] = ("token-issued", claims => claims["iat"] = claims["iat"]!.GetValue<long>() - 3600),
        ["one past its end"] = ("token-expired", claims => claims["exp"] = claims["iat"]!.GetValue<long>() - 120),
        ["no issue"] = ("token-issued", claims => claims.Remove("iat")),
        ["another audience"] = ("token-audience", claims => claims["aud"] = "other"),
        ["another issuer"] = ("token-issuer", claims => claims["iss"] = "https://evil.example"),
    };

    public static TheoryData<string> BadOnes => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadOnes))]
    public async Task A_bad_logout_token_is_refused_for_its_reason(string name)
    {
        await using var idp = await FakeIdp.StartAsync(site.Time);
        var (reason, change) = Bad[name];

        Assert.Equal(reason, Assert.Throws<OidcException>(() => Validate(idp, idp.LogoutToken(change))).Reason);
    }

    [Fact]
    public async Task Neither_an_id_token_nor_an_access_token_is_a_logout_token()
    {
        await using var idp = await FakeIdp.StartAsync(site.Time);
        var claims =
            new JsonObject
            {
                ["iss"] = idp.Issuer,
                ["aud"] = FakeIdp.ClientId,
                ["sub"] = "ada-1",
                ["iat"] = site.Time.GetUtcNow().ToUnixTimeSeconds(),
                ["jti"] = "1"
            };

        Assert.Equal("logout-event", Assert.Throws<OidcException>(() => Validate(idp, idp.Key.Token(claims))).Reason);
        Assert.Equal(
            "token-type",
            Assert.Throws<OidcException>(
                () => Validate(idp, idp.Key.Token(claims, new JsonObject { ["alg"] = "ES256", ["kid"] = idp.Key.Id, ["typ"] = "at+jwt" })))
                .Reason);
    }

    [Fact]
    public async Task One_session_of_the_provider_ends_and_the_other_goes_on()
    {
        await using var idp = await site.AddProviderAsync();
        using var first = await SignInAsync(idp, "session 1");
        using var second = await SignInAsync(idp, "session 2");

        (await LogOutAsync(idp.LogoutToken())).Expect(HttpStatusCode.OK);

        Assert.False(await first.IsSignedInAsync());
        Assert.True(await second.IsSignedInAsync());
        Assert.Contains("\"count\":\"1\"", site.LastAudit("sessions.ended"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_sessions_of_a_subject_end_when_no_session_is_named()
    {
        await using var idp = await site.AddProviderAsync();
        using var first = await SignInAsync(idp, "session 1");
        using var second = await SignInAsync(idp, "session 2");

        (await LogOutAsync(idp.LogoutToken(Removing("sid")))).Expect(HttpStatusCode.OK);

        Assert.False(await first.IsSignedInAsync());
        Assert.False(await second.IsSignedInAsync());
    }

    [Fact]
    public async Task A_logout_token_is_taken_once()
    {
        await using var idp = await site.AddProviderAsync();
        var token = idp.LogoutToken();

        (await LogOutAsync(token)).Expect(HttpStatusCode.OK);
        using var browser = await SignInAsync(idp, "session 1");

        Assert.Equal(HttpStatusCode.BadRequest, (await LogOutAsync(token)).Status);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Nobody_else_ends_a_session()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await SignInAsync(idp, "session 1");
        var honest = idp.Key;
        idp.Key = SigningKey.NewEc("first");
        var forged = idp.LogoutToken();
        idp.Key = honest;

        foreach (var token in new[] { forged, "", "a.b.c", new string('a', 100_000) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await LogOutAsync(token)).Status);
        }

        (await site.Hub.Nobody.PostAsync(OidcEndpoints.BackchannelLogoutPath, new { logout_token = forged })).Expect(HttpStatusCode.BadRequest);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_flood_of_calls_is_cut_off()
    {
        await using var other = new OidcHub();
        await other.InitializeAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 61; i++)
        {
            statuses.Add((await other.Hub.Nobody.PostAsync(OidcEndpoints.BackchannelLogoutPath, new { })).Status);
        }

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests), (statuses[0], statuses[^1]));
    }

    private LogoutToken Validate(FakeIdp idp, string token) =>
        LogoutToken.Validate(
            token,
            new([JsonWebKey.Parse(StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(idp.Key.Jwk().ToJsonString()))!.Value)!]),
            idp.Issuer, FakeIdp.ClientId, site.Time.GetUtcNow());

    private static Action<JsonObject> Removing(params string[] names) => claims => Array.ForEach(names, name => claims.Remove(name));

    private async Task<TestKit.Answer> LogOutAsync(string token)
    {
        using var provider = site.NewBrowser();
        return await provider.PostAsync(OidcEndpoints.BackchannelLogoutPath, ("logout_token", token));
    }

    private Task<OidcBrowser> SignInAsync(FakeIdp idp, string session)
    {
        idp.Claims = claims => (claims["sid"], claims["groups"]) = (session, "wghub-viewers");
        return site.SignInAsync(idp);
    }
}
