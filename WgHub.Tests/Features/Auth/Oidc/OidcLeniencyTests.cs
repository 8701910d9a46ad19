using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Providers that are good enough: their id token proves who it is, and something else about them is odd.</summary>
public sealed class OidcLeniencyTests(OidcHub site) : IClassFixture<OidcHub>
{
    [Theory]
    [InlineData(401, "")]
    [InlineData(403, """{"error":"insufficient_scope"}""")]
    [InlineData(404, "<html>")]
    [InlineData(503, "")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, "eyJ.eyJ.sig")]
    [InlineData(302, "")]
    public async Task User_info_that_fails_is_left_out_and_the_test_tells_so(int status, string body)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-operators";
        idp.Answers["/userinfo"] = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status is 302 ? "/elsewhere" : default;
            return context.Response.WriteAsync(body, Cancel);
        };
        using var browser = await site.SignInAsync(idp);
        Assert.Equal(Roles.Operator, site.FindUser(idp)!.Role);
        Assert.Equal(0, idp.Calls("/elsewhere"));

        using var admin = await site.SignInLocallyAsync();
        await admin.WhereToAsync(idp.Approve(await admin.ChallengeAsync(OidcPurpose.Test, "/settings/sign-in")));
        Assert.Contains("User info was left out", (await admin.GetAsync("/settings/sign-in")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_info_that_never_comes_is_left_out()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-viewers";
        idp.Answers["/userinfo"] = context => Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System, context.RequestAborted);
        using var browser = await site.SignInAsync(idp);

        Assert.Equal(Roles.Viewer, site.FindUser(idp)!.Role);
    }

    [Fact]
    public async Task User_info_about_somebody_else_lets_nobody_in()
    {
        await using var idp = await site.AddProviderAsync();
        idp.UserInfo = new() { ["sub"] = "eve" };
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=failed", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Contains("oidc:user-info-subject", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userinfo_endpoint", null)]
    [InlineData("userinfo_endpoint", "")]
    [InlineData("userinfo_endpoint", "https://id.example.com/#fragment")]
    [InlineData("end_session_endpoint", null)]
    [InlineData("end_session_endpoint", "")]
    [InlineData("end_session_endpoint", "/relative")]
    [InlineData("end_session_endpoint", "ftp://id.example.com/")]
    [InlineData("token_endpoint_auth_methods_supported", null)]
    [InlineData("token_endpoint_auth_methods_supported", "")]
    [InlineData("authorization_response_iss_parameter_supported", null)]
    public async Task An_optional_part_that_cannot_be_used_is_one_that_is_not_there(string part, string? value)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Discovery = document => document[part] = value;
        idp.Claims = claims => claims["groups"] = "wghub-viewers";
        using var browser = await site.SignInAsync(idp);

        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(part == "userinfo_endpoint" ? 0 : 1, idp.Calls("/userinfo"));
    }

    [Theory]
    [InlineData("""{"realm_access":{"roles":["a","b"]}}""", "realm_access.roles", "a b")]
    [InlineData("""{"resource_access":{"wghub":{"roles":["a"]}}}""", "resource_access.wghub.roles", "a")]
    [InlineData("""{"resource_access":{"vpn.example.com":{"roles":["a"]}}}""", "resource_access.vpn.example.com.roles", "a")]
    [InlineData("""{"https://example.com/roles":["a"]}""", "https://example.com/roles", "a")]
    [InlineData("""{"realm_access.roles":["exact"],"realm_access":{"roles":["path"]}}""", "realm_access.roles", "exact")]
    [InlineData("""{"a.b":{"c":"long"},"a":{"b.c":"short"}}""", "a.b.c", "long")]
    [InlineData("""{"a":{"b":{"x":1}},"a.b":{"y":1}}""", "a.b.x", "1")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":{"wg-admins":{"1":"corp.example"}}}""", "urn:zitadel:iam:org:project:roles", "wg-admins")]
    [InlineData("""{"groups":[]}""", "groups", "")]
    [InlineData("""{"groups":{}}""", "groups", "")]
    [InlineData("""{"groups":null}""", "groups", null)]
    [InlineData("""{"groups":["a"]}""", "groups.", null)]
    [InlineData("""{"groups":["a"]}""", ".groups", null)]
    [InlineData("""{"groups":["a"]}""", "groups.a", null)]
    [InlineData("""{}""", "a.b.c.d.e.f", null)]
    public void A_role_claim_is_found_by_its_name_and_else_by_its_path(string claims, string name, string? values)
    {
        var found = RoleClaim.ValuesOf(JsonDocument.Parse(claims).RootElement, name);

        Assert.Equal(values, found is null ? null : string.Join(' ', found));
    }

    [Theory]
    [InlineData("groups", "none: the provider did not send this claim")]
    [InlineData("roles", "none: the provider sent this claim, and it holds no value")]
    public async Task The_test_tells_a_claim_that_is_empty_from_one_that_is_not_there(string claim, string expected)
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { RoleClaim = claim });
        idp.Claims = claims => claims["roles"] = new JsonArray();
        using var admin = await site.SignInLocallyAsync();
        await admin.WhereToAsync(idp.Approve(await admin.ChallengeAsync(OidcPurpose.Test, "/settings/sign-in")));

        Assert.Contains(expected, (await admin.GetAsync("/settings/sign-in")).Body, StringComparison.Ordinal);
    }
}
