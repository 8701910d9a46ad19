using System.Net;
using System.Net.Http.Json;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>An account that is taken back takes the tokens along that it made.</summary>
public sealed class MadeTokensTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string NewToken = "/api/installation/token";

    [Fact]
    public async Task Switched_off_an_account_takes_its_tokens_along_for_good_and_page_and_log_tell()
    {
        var (admin, target) = (await hub.PersonAsync(Roles.Admin), await hub.PersonAsync(Roles.Admin));
        var (keys, viewing) = (await MakeAsync(target, "night-job", Roles.Admin), await MakeAsync(target, "dashboard", Roles.Viewer));
        var others = await MakeAsync(admin, "other-job", Roles.Admin);
        (await keys.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK);
        Assert.Contains("night-job", (await admin.GetAsync($"/users/{target.User.Id}")).Body, StringComparison.Ordinal); // named before

        (await admin.PostAsync($"/users/{target.User.Id}?handler=Disable")).Expect(HttpStatusCode.Redirect);

        (await keys.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await viewing.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await others.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK);
        Assert.Matches(@"night-job[\s\S]*Revoked", (await admin.GetAsync($"/users/{target.User.Id}")).Body);
        Assert.Equal(["dashboard viewer", "night-job admin"], Revoked(target.User));

        (await admin.PostAsync($"/users/{target.User.Id}?handler=Enable")).Expect(HttpStatusCode.Redirect);
        (await keys.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Fact]
    public async Task With_a_smaller_role_the_tokens_go_that_may_more()
    {
        var (admin, target) = (await hub.PersonAsync(Roles.Admin), await hub.PersonAsync(Roles.Admin));
        var (high, low) = (await MakeAsync(target, "high", Roles.Admin), await MakeAsync(target, "low", Roles.Viewer));

        (await admin.PostAsync($"/users/{target.User.Id}/role", ("role", Roles.Operator))).Expect(HttpStatusCode.Redirect);

        (await high.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await low.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        Assert.Equal(["high admin"], Revoked(target.User));
    }

    /// <summary>Whatever takes an account its rights, and when.</summary>
    [Fact]
    public async Task A_token_never_may_more_than_its_maker_may_now()
    {
        var target = await hub.PersonAsync(Roles.Admin);
        var token = await MakeAsync(target, "left-over", Roles.Admin);

        await SetAsync(target.User, Roles.Viewer, true);
        (await token.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        (await token.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() })).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        await SetAsync(target.User, User.NoRole, true);
        (await token.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        await SetAsync(target.User, Roles.Admin, false);
        (await token.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        await Assert.ThrowsAsync<AppException>(() => MakeAsync(target, "too-late", Roles.Viewer));
    }

    /// <summary>Nobody needs an account to use the line.</summary>
    [Theory]
    [InlineData(Roles.Viewer, 0)]
    [InlineData(null, 0)]
    [InlineData(Roles.Operator, 4)]
    public async Task What_lets_machines_in_ends_when_its_maker_may_make_none(string? role, int left)
    {
        var (admin, target, spoke) = (await hub.PersonAsync(Roles.Admin), await hub.PersonAsync(Roles.Admin), await hub.EnrolAsync());
        var program = await MakeAsync(target, $"program-{spoke.Name}", Roles.Operator);
        var byHand = await TokenAsync(body => target.Browser.SendAsync(HttpMethod.Post, NewToken, body, ("X-CSRF", target.Antiforgery)));
        var (used, byProgram) = (await TokenAsync(ByProgram), await TokenAsync(ByProgram));
        Task<Answer> ByProgram(HttpContent body) => program.SendAsync(HttpMethod.Post, NewToken, body);
        var machine = (await hub.RegisterAsync(used.Secret, Wg.NewKey())).Expect(HttpStatusCode.Created).Text("spoke", "id");
        (await program.PostAsync("/api/proxmox/cluster-token", new { site = "oslo" })).Expect(HttpStatusCode.Created);
        (await program.PostAsync($"/api/spoke/{spoke.Id}/reenrol-token", new { })).Expect(HttpStatusCode.Created);
        var page = (await admin.GetAsync($"/users/{target.User.Id}")).Body;
        Assert.All(
            new[] { $"token for {byHand.Name}", $"token for {byProgram.Name}", $"new key for {spoke.Name}", "cluster token oslo" },
            what => Assert.Contains(what, page, StringComparison.Ordinal)); // named before

        (await (role is null
            ? admin.PostAsync($"/users/{target.User.Id}?handler=Disable")
            : admin.PostAsync($"/users/{target.User.Id}/role", ("role", role)))).Expect(HttpStatusCode.Redirect);

        Assert.Equal(left, hub.Get<AllMadeBy>().Open(target.User.Id).Count(made => made.Kind != ApiTokensMadeBy.Kind));
        if (left == 0)
        {
            (await hub.RegisterAsync(byHand.Secret, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
            (await hub.RegisterAsync(byProgram.Secret, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
            Assert.Matches($"Revoked with its rights[\\s\\S]*token for {byHand.Name}", (await admin.GetAsync($"/users/{target.User.Id}")).Body);
        }

        (await hub.Viewer.GetAsync($"/api/spoke/{machine}")).Expect(HttpStatusCode.OK); // who has come stays
    }

    /// <summary>A request that began before must not leave one behind.</summary>
    [Fact]
    public async Task Nothing_is_made_with_rights_that_are_gone()
    {
        var target = await hub.PersonAsync(Roles.Operator);
        await SetAsync(target.User, Roles.Viewer, true);
        var late = Actor.User(target.User.Name, null) with { UserId = target.User.Id };

        var refusal = await Assert.ThrowsAsync<AppException>(
            () => hub.Get<TokenService>().CreateAsync(new(Enrolling.NewName()), late, Cancel));
        var another = await Assert.ThrowsAsync<AppException>(() => hub.Get<ClusterTokenService>().CreateAsync(new(), late, Cancel));

        Assert.Equal(("FORBIDDEN", "FORBIDDEN"), (refusal.Code, another.Code));
    }

    private static async Task<(string Name, string Secret)> TokenAsync(Func<HttpContent, Task<Answer>> send)
    {
        var name = Enrolling.NewName();
        return (name, (await send(JsonContent.Create(new { spokeName = name }))).Expect(HttpStatusCode.Created).Text("token", "token")!);
    }

    private Task SetAsync(User user, string role, bool isEnabled) =>
        hub.Database.WriteAsync(db => { db.Execute($"update users set role = {role}, enabled = {isEnabled} where id = {user.Id}"); }, Cancel);

    private async Task<ApiClient> MakeAsync(Person maker, string name, string role)
    {
        var by = new Administrator(maker.User.Id, null, Actor.User(maker.User.Name, null));
        var (_, secret) = await hub.Get<ApiTokenService>().CreateAsync(name, role, null, by, Cancel);
        return hub.Client(secret.Reveal());
    }

    private IEnumerable<string> Revoked(User maker) => hub.Get<AuditLog>().List(new(null, null, null, "apitoken.revoked", maker.ActorName), new(1, 50)).Rows
        .Select(entry => System.Text.Json.JsonDocument.Parse(entry.Detail).RootElement)
        .Select(detail => $"{detail.GetProperty("name")} {detail.GetProperty("role")}")
        .Order();
}
