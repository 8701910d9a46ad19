using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Setup;

public sealed class AdminResetTests : TimedHubTest
{
    private const string NewPassword = "another good password";

    private AdminReset Reset => Hub.Get<AdminReset>();

    [Fact]
    public async Task The_code_gives_an_administrator_a_new_password_and_takes_the_second_factor_off()
    {
        var admin = await Hub.AddPersonAsync(Roles.Admin);
        await Hub.AddAppAsync(admin);
        await Hub.AddPersonAsync(Roles.Admin); // another one, so that there is one
        await Hub.Database.WriteAsync(
            db =>
            {
                Hub.Get<UserStore>().Disable(db, admin);
                Hub.Get<SignInSettingsStore>().Save(db, SignInSettings.Default with { LocalSignIn = false });
            },
            Cancel);
        var code = await CodeAsync();
        using var visitor = new Walker(new(Hub.Url));

        var page = (await visitor.OpenAsync("/setup", Cancel)).Expect(HttpStatusCode.OK, "/setup/reset");
        page = await visitor.PressAsync(page.Fill("Set-up code", code).Fill("Name", admin.Name).Fill("New password", NewPassword), "Reset", Cancel);

        page.Expect(HttpStatusCode.OK, "/account");
        Assert.NotNull(await Hub.SessionOfAsync(admin.Name, NewPassword));
        Assert.Null(Hub.Get<TotpService>().Find(admin.Id));
        Assert.Contains("admin.reset", Hub.EventsOf(admin));
        (await visitor.OpenAsync("/setup/reset", Cancel)).Expect(HttpStatusCode.OK, "/");
        Assert.Equal(["settings.signin.changed", "setup.opened"], await EventsAsync("settings.signin.changed", "setup.opened"));
    }

    [Fact]
    public async Task A_name_that_nobody_has_becomes_an_administrator()
    {
        await Hub.AddPersonAsync(Roles.Admin);

        var session = await Reset.CompleteAsync(new() { Code = await CodeAsync(), Name = "fresh", Password = NewPassword }, TestHub.Browser, Cancel);

        Assert.Equal(HttpStatusCode.OK, (await Hub.Client(null, $"wghub={session.Reveal()}").GetAsync("/api/hub/config")).Status);
        Assert.Equal(Roles.Admin, Hub.Get<UserStore>().FindLocal("fresh")!.User.Role);
    }

    [Fact]
    public async Task A_wrong_an_old_or_a_spent_code_opens_nothing()
    {
        var admin = await Hub.AddPersonAsync(Roles.Admin);
        await RefusedAsync(admin, null);
        var code = await CodeAsync();
        await RefusedAsync(admin, "00000-00000-00000-00000");
        await Reset.CompleteAsync(new() { Code = code, Name = admin.Name, Password = NewPassword }, TestHub.Browser, Cancel);
        await RefusedAsync(admin, code);

        var old = await CodeAsync();
        Time.Advance(TimeSpan.FromMinutes(60));
        await RefusedAsync(admin, old);
        Assert.Equal(HttpStatusCode.Redirect, (await Hub.Nobody.GetAsync("/setup/reset")).Status);
    }

    [Fact]
    public async Task The_code_of_a_first_setup_resets_nobody()
    {
        var code = (await Hub.Get<SetupCodes>().NewAsync(Cancel))?.Reveal(); // such as stands in the log
        var admin = await Hub.AddPersonAsync(Roles.Admin);

        await RefusedAsync(admin, code);
        Assert.Equal("/", (await Hub.Nobody.GetAsync("/setup")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_name_of_somebody_who_is_no_administrator_is_refused_and_the_code_stays_good()
    {
        await Hub.AddPersonAsync(Roles.Admin);
        var viewer = await Hub.AddPersonAsync();
        var code = await CodeAsync();

        var refusal =
            await Assert.ThrowsAsync<AppException>(
                () => Reset.CompleteAsync(new() { Code = code, Name = viewer.Name, Password = NewPassword }, TestHub.Browser, Cancel));

        Assert.Equal("NAME_IN_USE", refusal.Code);
        Assert.NotNull(await Hub.SessionOfAsync(viewer.Name));
        Assert.True(Reset.IsOpen);
    }

    [Fact]
    public async Task Of_two_with_the_code_at_once_one_is_let_in()
    {
        await Hub.AddPersonAsync(Roles.Admin);
        var code = await CodeAsync();

        var outcomes = await Task.WhenAll(new[] { "one", "two" }.Select(name =>
            Record.ExceptionAsync(() => Reset.CompleteAsync(new() { Code = code, Name = name, Password = NewPassword }, TestHub.Browser, Cancel)).AsTask()));

        Assert.Single(outcomes, exception => exception is null);
        Assert.Single(outcomes, exception => exception is AppException { Code: WebErrors.Forbidden });
    }

    private async Task<string> CodeAsync() => (await Hub.Get<SetupCodes>().NewResetAsync(Cancel)).Reveal();

    private async Task RefusedAsync(User admin, string? code) => Assert.Equal(
        WebErrors.Forbidden,
        (await Assert.ThrowsAsync<AppException>(
            () => Reset.CompleteAsync(new() { Code = code, Name = admin.Name, Password = NewPassword }, TestHub.Browser, Cancel)))
            .Code);

    private async Task<IEnumerable<string?>> EventsAsync(params string[] wanted) =>
        (await Hub.Viewer.GetAsync("/api/audit"))
            .At("entries")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("event").GetString())
            .Where(name => wanted.Contains(name));
}
