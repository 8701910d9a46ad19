using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>An account that is taken back takes the API tokens along that it made.</summary>
public sealed class MadeTokensTests(TestHub hub) : IClassFixture<TestHub>
{
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
