using System.Net;
using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>What an administrator does to accounts, by the forms of the pages.</summary>
public sealed class UserPageTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Password = "correct horse battery";

    /// <summary>Every form of an account, below its address.</summary>
    public static TheoryData<string> Forms =>
        ["?handler=Enable", "?handler=Disable", "?handler=RemoveSecondFactors", "?handler=EndSession", "?handler=EndSessions", "/role", "/password"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Nobody_but_an_administrator_in_person_changes_an_account(string form)
    {
        var target = await hub.PersonAsync(Roles.Viewer);
        foreach (var person in new[] { await hub.PersonAsync(Roles.Viewer), await hub.PersonAsync(Roles.Operator), await hub.PersonAsync(User.NoRole) })
        {
            (await person.PostAsync($"/users/{target.User.Id}{form}", ("role", Roles.Admin), ("password", Password))).Expect(HttpStatusCode.Forbidden);
        }

        foreach (var program in new[] { hub.Viewer, hub.Operator, hub.Admin })
        {
            (await program.SendAsync(
                HttpMethod.Post, $"/users/{target.User.Id}{form}", new FormUrlEncodedContent([new("role", Roles.Admin), new("password", Password)])))
                .Expect(HttpStatusCode.Forbidden);
        }

        Assert.Equal(target.User, Reload(target.User));
        Assert.Empty(await EventsAsync(target.User));
        (await target.GetAsync("/spokes")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_without_the_antiforgery_value_does_nothing(string form)
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.PersonAsync(Roles.Viewer);

        (await (admin with { Antiforgery = "made up" }).PostAsync($"/users/{target.User.Id}{form}", ("role", Roles.Admin), ("password", Password)))
            .Expect(HttpStatusCode.BadRequest);

        Assert.Equal(target.User, Reload(target.User));
        Assert.Empty(await EventsAsync(target.User));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Of_an_account_that_is_not_there_every_form_is_a_404(string form)
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        foreach (var id in new[] { "0", "%27%20or%201%3D1", new('a', 3000) })
        {
            (await admin.PostAsync($"/users/{id}{form}", ("role", Roles.Viewer), ("password", Password))).Expect(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_new_role_ends_the_sessions_and_the_log_has_both_roles()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.PersonAsync(Roles.Viewer);

        (await admin.PostAsync($"/users/{target.User.Id}/role", ("role", Roles.Operator))).Expect(HttpStatusCode.Redirect);

        (await target.Browser.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        var entry = Assert.Single(await EventsAsync(target.User));
        Assert.Equal(("user.role", $"user:{admin.User.Name}", "viewer", "operator"), (entry.Event, entry.Actor, entry.Detail["before"], entry.Detail["after"]));
        var again = await hub.SignInAsync(Reload(target.User));
        (await again.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK);
        Assert.Equal(Roles.Operator, Reload(target.User).Role);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("none")]
    [InlineData("Admin")]
    [InlineData("")]
    public async Task A_role_that_there_is_not_is_refused_at_its_field(string role)
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.AccountAsync(Roles.Viewer);

        var answer = (await admin.PostAsync($"/users/{target.Id}/role", ("role", role))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains(Roles.Rule, answer.Body, StringComparison.Ordinal);
        Assert.Equal(Roles.Viewer, Reload(target).Role);
    }

    [Fact]
    public async Task A_providers_account_keeps_its_providers_role_and_gets_no_password()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.ProviderAccountAsync(Roles.Viewer, "oleg");

        (await admin.PostAsync($"/users/{target.Id}/role", ("role", Roles.Admin))).Expect(HttpStatusCode.UnprocessableEntity);
        (await admin.PostAsync($"/users/{target.Id}/password", ("password", Password))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(Roles.Viewer, Reload(target).Role);

        (await admin.PostAsync($"/users/{target.Id}?handler=Disable")).Expect(HttpStatusCode.Redirect);
        Assert.False(Reload(target).Enabled);
    }

    [Fact]
    public async Task Nobody_changes_their_own_role_or_switches_themselves_off()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        await hub.PersonAsync(Roles.Admin);

        (await admin.PostAsync($"/users/{admin.User.Id}/role", ("role", Roles.Viewer))).Expect(HttpStatusCode.Forbidden);
        (await admin.PostAsync($"/users/{admin.User.Id}?handler=Disable")).Expect(HttpStatusCode.Forbidden);

        Assert.Equal(admin.User, Reload(admin.User));
    }

    [Fact]
    public async Task An_account_that_is_switched_off_is_out_at_once_and_back_when_it_is_on_again()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.PersonAsync(Roles.Admin);
        (await admin.PostAsync($"/users/{target.User.Id}?handler=Disable")).Expect(HttpStatusCode.Redirect);
        (await admin.PostAsync($"/users/{target.User.Id}?handler=Disable")).Expect(HttpStatusCode.Redirect);

        Assert.Equal("/signin", (await target.GetAsync("/users")).Headers.Location!.OriginalString.Split('?')[0]);
        (await admin.PostAsync($"/users/{target.User.Id}?handler=Enable")).Expect(HttpStatusCode.Redirect);

        (await target.GetAsync("/users")).Expect(HttpStatusCode.Redirect);   // its old session stays ended
        (await (await hub.SignInAsync(target.User)).GetAsync("/users")).Expect(HttpStatusCode.OK);
        Assert.Equal(["user.enabled", "user.disabled"], (await EventsAsync(target.User)).Select(entry => entry.Event));
    }

    [Fact]
    public async Task A_new_password_works_and_ends_the_sessions()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.PersonAsync(Roles.Viewer);
        (await admin.PostAsync($"/users/{target.User.Id}/password", ("password", "short"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await admin.PostAsync($"/users/{target.User.Id}/password")).Expect(HttpStatusCode.UnprocessableEntity);

        (await admin.PostAsync($"/users/{target.User.Id}/password", ("password", Password))).Expect(HttpStatusCode.Redirect);

        (await target.GetAsync("/spokes")).Expect(HttpStatusCode.Redirect);
        Assert.NotNull(await hub.SessionOfAsync(target.User.Name, Password));
        Assert.Equal("user.password", Assert.Single(await EventsAsync(target.User)).Event);
    }

    [Fact]
    public async Task The_second_factors_go_with_the_recovery_codes()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.AccountAsync(Roles.Viewer);
        await hub.Database.WriteAsync(
            db =>
            {
                db.Execute($"update users set sealed_totp_seed = 'sealed', totp_since = 1, totp_last_step = 7 where id = {target.Id}");
                db.Execute($"insert into recovery_codes (user_id, code_hash) values ({target.Id}, 'hash')");
                db.Execute($"insert into passkeys (credential_id, user_id, name, credential, created_at) values ({target.Id}, {target.Id}, 'Phone', '', 1)");
            },
            Cancel);
        Assert.Contains("Remove second factors", (await admin.GetAsync($"/users/{target.Id}")).Body, StringComparison.Ordinal);

        (await admin.PostAsync($"/users/{target.Id}?handler=RemoveSecondFactors")).Expect(HttpStatusCode.Redirect);
        (await admin.PostAsync($"/users/{target.Id}?handler=RemoveSecondFactors")).Expect(HttpStatusCode.Redirect);

        Assert.Null(hub.Get<UserList>().Find(target.Id)!.SecondFactor);
        Assert.Equal(0, hub.Database.Read(db => db.Count($"select count(*) from recovery_codes where user_id = {target.Id}")));
        Assert.Equal("user.factors.removed", Assert.Single(await EventsAsync(target)).Event);
    }

    [Fact]
    public async Task One_session_ends_or_all_but_the_one_that_asks()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var (first, second) = (await hub.PersonAsync(Roles.Viewer), await hub.PersonAsync(Roles.Viewer));
        var another = await hub.SignInAsync(first.User);
        var newest = hub.Get<SessionStore>().Of(first.User.Id)[0].Id;

        (await admin.PostAsync($"/users/{second.User.Id}?handler=EndSession", ("session", newest))).Expect(HttpStatusCode.NotFound);   // another account's
        (await admin.PostAsync($"/users/{first.User.Id}?handler=EndSession", ("session", newest))).Expect(HttpStatusCode.Redirect);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Redirect], [(await first.GetAsync("/spokes")).Status, (await another.GetAsync("/spokes")).Status]);

        (await admin.PostAsync($"/users/{first.User.Id}?handler=EndSessions")).Expect(HttpStatusCode.Redirect);
        (await first.GetAsync("/spokes")).Expect(HttpStatusCode.Redirect);
        Assert.Equal(["sessions.ended", "session.ended"], (await EventsAsync(first.User)).Select(entry => entry.Event));

        await hub.SignInAsync(admin.User);
        (await admin.PostAsync($"/users/{admin.User.Id}?handler=EndSessions")).Expect(HttpStatusCode.Redirect);
        Assert.Single(hub.Get<SessionStore>().Of(admin.User.Id));
        (await admin.GetAsync("/users")).Expect(HttpStatusCode.OK);
    }

    /// <summary>Fields that a form does not have must not find their way into the row, and an id in the form must not lead to another one.</summary>
    [Theory]
    [InlineData("?handler=Enable")]
    [InlineData("?handler=EndSessions")]
    [InlineData("?handler=RemoveSecondFactors")]
    [InlineData("/password")]
    public async Task Fields_that_a_form_does_not_have_do_nothing(string form)
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var (target, bystander) = (await hub.AccountAsync(Roles.Viewer), await hub.PersonAsync(Roles.Viewer));

        await admin.PostAsync(
            $"/users/{target.Id}{form}", ("id", bystander.User.Id), ("role", Roles.Admin), ("enabled", "false"), ("Account.User.Role", Roles.Admin), ("issuer", "https://evil.example"), ("password", Password));

        Assert.Equal([target, bystander.User], [Reload(target), Reload(bystander.User)]);
        Assert.Empty(await EventsAsync(bystander.User));
        (await bystander.GetAsync("/spokes")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_role_form_goes_to_the_account_of_its_address()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var (target, bystander) = (await hub.AccountAsync(Roles.Viewer), await hub.AccountAsync(Roles.Viewer));

        (await admin.PostAsync($"/users/{target.Id}/role", ("id", bystander.Id), ("role", Roles.Operator), ("enabled", "false")))
            .Expect(HttpStatusCode.Redirect);

        Assert.Equal([target with { Role = Roles.Operator }, bystander], [Reload(target), Reload(bystander)]);
    }

    [Fact]
    public async Task An_account_is_added_by_its_form_and_each_wrong_field_says_so()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var refused =
            (await admin.PostAsync("/users/new", ("name", "a b"), ("role", "root"), ("password", "short"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(2, refused.Body.Split("field-validation-error").Length - 1);   // name and role
        Assert.Contains("12 to 200 characters.", refused.Body, StringComparison.Ordinal);
        (await admin.PostAsync("/users/new")).Expect(HttpStatusCode.UnprocessableEntity);
        (await admin.PostAsync("/users/new", ("name", admin.User.Name.ToUpperInvariant()), ("role", Roles.Viewer), ("password", Password)))
            .Expect(HttpStatusCode.Conflict);

        var added =
            (await admin.PostAsync(
                "/users/new", ("name", "newcomer"), ("role", Roles.Operator), ("password", Password), ("id", "1"), ("enabled", "false"), ("issuer", "x")))
                .Expect(HttpStatusCode.Redirect);

        var id = added.Headers.Location!.OriginalString["/users/".Length..];
        Assert.Equal(new(id, "newcomer", Roles.Operator, true), hub.Get<UserList>().Find(id)!.User);
        Assert.Equal("user.created", Assert.Single(await EventsAsync(new(id, "", "", true))).Event);
    }

    [Fact]
    public async Task A_hostile_field_is_refused_and_never_a_fault()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.AccountAsync(Roles.Viewer);

        // A form with a NUL is not read at all, and then the framework does not tell the page its id either: there is no such account.
        HttpStatusCode[] refused = [HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound];
        foreach (var text in Hostile.Texts.Append(Hostile.Long))
        {
            (await admin.PostAsync("/users/new", ("name", text), ("role", text), ("password", "x"))).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Contains((await admin.PostAsync($"/users/{target.Id}/role", ("role", text))).Status, refused);
            (await admin.PostAsync($"/users/{target.Id}?handler=EndSession", ("session", text))).Expect(HttpStatusCode.NotFound);
            (await admin.GetAsync($"/users?q={Uri.EscapeDataString(text)}")).Expect(HttpStatusCode.OK);
        }

        Assert.Equal(target, Reload(target));
    }

    private User Reload(User user) => hub.Get<UserList>().Find(user.Id)!.User;

    /// <summary>What the log has of the account, newest first; sign-ins aside.</summary>
    private async Task<IReadOnlyList<(string Event, string Actor, Dictionary<string, string> Detail)>> EventsAsync(User user)
    {
        var entries = (await hub.Viewer.GetAsync("/api/audit?pageSize=500")).At("entries").EnumerateArray();
        return [.. entries
            .Where(
                entry =>
                    entry.GetProperty("subject").GetString() == user.Id
                        && !entry.GetProperty("event").GetString()!.StartsWith("signin.", StringComparison.Ordinal))
            .Select(
                entry =>
                    (entry.GetProperty("event").GetString()!, entry.GetProperty("actor").GetString()!,
                        entry.GetProperty("detail").Deserialize<Dictionary<string, string>>()!))];
    }
}
