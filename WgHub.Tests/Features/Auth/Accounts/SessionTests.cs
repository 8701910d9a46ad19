using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A browser's cookie on the API: it reads freely, and changes with the antiforgery header alone.</summary>
public sealed class SessionTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Password = "correct horse battery";

    private static int _names;

    [Fact]
    public async Task A_cookie_reads_and_needs_the_header_to_change()
    {
        var (_, session) = await SignInAsync(Roles.Operator);
        var (header, cookie) = await AntiforgeryAsync(session);
        var browser = hub.Client(null, $"{session}; {cookie}");
        Task<Answer> MakeAsync(params (string, string)[] headers) =>
            browser.SendAsync(HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = Enrolling.NewName() }), headers);

        (await browser.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        (await MakeAsync()).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await MakeAsync(("X-CSRF", "made up"))).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await MakeAsync(("X-CSRF", header))).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Another_accounts_header_does_not_help()
    {
        var (_, session) = await SignInAsync(Roles.Operator);
        var (_, other) = await SignInAsync(Roles.Operator);
        var (header, cookie) = await AntiforgeryAsync(other);

        var answer = await hub.Client(null, $"{session}; {cookie}").SendAsync(
            HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = Enrolling.NewName() }), ("X-CSRF", header));

        answer.Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task The_account_is_named_in_the_audit_log()
    {
        var (name, session) = await SignInAsync(Roles.Operator);
        var (header, cookie) = await AntiforgeryAsync(session);

        (await hub.Client(null, $"{session}; {cookie}").SendAsync(
            HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = Enrolling.NewName() }), ("X-CSRF", header)))
                .Expect(HttpStatusCode.Created);

        Assert.Equal("token.created", (await hub.Viewer.GetAsync($"/api/audit?actor=user:{name}")).At("entries")[0].GetProperty("event").GetString());
    }

    [Fact]
    public async Task A_session_ends_with_a_new_password_and_with_its_account()
    {
        var accounts = hub.Get<AccountService>();
        var (name, session) = await SignInAsync(Roles.Viewer);
        await accounts.SetPasswordAsync(name, "another horse battery", Actor.Cli, Cancel);
        (await hub.Client(null, session).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");

        var again = $"wghub={(await hub.Get<LocalSignIn>().WithPasswordAsync(name, "another horse battery", TestHub.Browser, Cancel)).SessionKey!.Reveal()}";
        (await hub.Client(null, again).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        await accounts.DisableAsync(name, Actor.Cli, Cancel);
        (await hub.Client(null, again).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Theory]
    [InlineData("Bearer wgh_")]
    [InlineData("Bearer wgh_00000000000000000000000000000000_000000")]
    [InlineData("Basic dGVzdDp0ZXN0")]
    [InlineData("Bearer")]
    public async Task A_wrong_token_is_not_made_up_for_by_a_cookie(string authorization)
    {
        var (_, session) = await SignInAsync(Roles.Admin);

        var answer = await hub.Client(null, session).SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Authorization", authorization));

        answer.Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Fact]
    public async Task A_revoked_API_token_opens_nothing_more()
    {
        var tokens = hub.Get<ApiTokenService>();
        var secret = await tokens.CreateAsync("soon gone", Roles.Admin, null, Actor.Cli, Cancel);
        using var client = new ApiClient(hub.Url, secret.Reveal());
        (await client.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK);

        await tokens.RevokeAsync(hub.Get<ApiTokenStore>().List().Single(token => token.Name == "soon gone").Id, Actor.Cli, Cancel);

        (await client.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    private async Task<(string Name, string Cookie)> SignInAsync(string role)
    {
        var name = $"user{Interlocked.Increment(ref _names)}";
        await hub.Get<AccountService>().AddAsync(name, role, Password, Actor.Cli, Cancel);
        return (name, $"wghub={(await hub.Get<LocalSignIn>().WithPasswordAsync(name, Password, TestHub.Browser, Cancel)).SessionKey!.Reveal()}");
    }

    /// <summary>What a page would give this browser: the header's value, and the cookie that belongs to it.</summary>
    private async Task<(string Header, string Cookie)> AntiforgeryAsync(string session)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = session;
        context.User = (await context.AuthenticateAsync()).Principal!;
        var tokens = hub.Get<IAntiforgery>().GetAndStoreTokens(context);
        return (tokens.RequestToken!, $"wghub-af={tokens.CookieToken}");
    }
}
