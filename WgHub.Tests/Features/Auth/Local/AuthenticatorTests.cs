using System.Net;
using AngleSharp.Dom;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Auth.Local;

/// <summary>The page where somebody sets the authenticator app up, walked without script.</summary>
public sealed class AuthenticatorTests : TimedHubTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.AddPersonAsync(Roles.Admin);
    }

    [Fact]
    public async Task It_is_on_after_a_first_code_and_the_recovery_codes_are_shown_once()
    {
        var user = await Hub.AddPersonAsync();
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);

        var page = await visitor.PressAsync(await visitor.OpenAsync("/account/authenticator", Cancel), "Set it up", Cancel);
        var seed = Hub.Get<TotpService>().Find(user.Id)!.Seed;
        Assert.Contains(Totp.Spell(seed), page.Words(), StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector(".qr svg path"));
        Assert.Empty(page.QuerySelectorAll("[style]"));

        page = await visitor.PressAsync(page.Fill("Then type", "000000"), "Switch it on", Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.StatusCode);
        Assert.Contains("on the hub it is 12:00:00 UTC", page.Words(), StringComparison.Ordinal);
        page = await visitor.PressAsync(page.Fill("Then type", Hub.CodeOf(seed).Insert(3, " ")), "Switch it on", Cancel);

        var shown = page.QuerySelector("#recovery")!.TextContent.Split('\n');
        Assert.Equal(RecoveryCodes.Count, shown.Distinct().Count());
        Assert.Equal(string.Join('\n', shown) + "\n", Uri.UnescapeDataString(page.QuerySelector("a[download]")!.GetAttribute("href")!.Split(',')[1]));
        var later = (await visitor.OpenAsync("/account/authenticator", Cancel)).Words();
        Assert.DoesNotContain(shown[0], later, StringComparison.Ordinal);
        Assert.DoesNotContain(Totp.Spell(seed), later, StringComparison.Ordinal);
        Assert.Contains("totp.enabled", Hub.EventsOf(user));
        await Assert.ThrowsAsync<AppException>(
            () => Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), Hub.CodeOf(seed), TestHub.Browser, Cancel)); // the first code is used up
        Assert.NotNull(await Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), shown[9], TestHub.Browser, Cancel));
    }

    [Theory]
    [InlineData("Begin")]
    [InlineData("Enable")]
    [InlineData("Disable")]
    [InlineData("Renew")]
    public async Task Each_step_wants_a_fresh_proof(string handler)
    {
        var user = await Hub.AddPersonAsync();
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);
        await Hub.Get<TotpService>().BeginAsync(user.Id, Cancel);
        var form = await visitor.OpenAsync("/account/authenticator", Cancel);
        form.QuerySelector<AngleSharp.Html.Dom.IHtmlFormElement>(".enrolment form")!.Action = $"{Hub.Url}/account/authenticator?handler={handler}";
        var before = Hub.Get<TotpService>().Find(user.Id)!;

        Time.Advance(Confirmation.Life);

        (await visitor.PressAsync(form.Fill("Then type", Hub.CodeOf(before.Seed)), "Switch it on", Cancel)).Expect(HttpStatusCode.OK, "/confirm");
        var after = Hub.Get<TotpService>().Find(user.Id)!;
        Assert.Equal((before.Since, Totp.Spell(before.Seed)), (after.Since, Totp.Spell(after.Seed)));
        Assert.DoesNotContain(Totp.Spell(before.Seed), (await visitor.OpenAsync("/account/authenticator", Cancel)).Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_off_after_a_proof_with_password_and_code()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, codes) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        await SignInAsync(visitor, user, Hub.CodeOf(seed));
        Time.Advance(TimeSpan.FromMinutes(6));

        var confirm = await visitor.PressAsync(await visitor.OpenAsync("/account/authenticator", Cancel), "Switch off", Cancel);
        confirm = await visitor.PressAsync(confirm.Fill("Password", LocalAccounts.Password).Fill("Code", "000000"), "Go on", Cancel);
        confirm.Expect(HttpStatusCode.UnprocessableEntity, "/confirm");
        var page = await visitor.PressAsync(confirm.Fill("Password", LocalAccounts.Password).Fill("Code", Hub.CodeOf(seed)), "Go on", Cancel);
        page =
            (await visitor.PressAsync(page.Expect(HttpStatusCode.OK, "/account/authenticator"), "Switch off", Cancel))
                .Expect(HttpStatusCode.OK, "/account/authenticator");

        Assert.Contains("Set it up", page.Words(), StringComparison.Ordinal);
        Assert.Equal(["totp.disabled", "session.confirmed"], Hub.EventsOf(user).Take(2));
        Assert.NotNull(await Hub.SessionOfAsync(user.Name));
        Assert.Equal(0, Hub.Get<TotpService>().RecoveryCodesLeft(user.Id));
        await Assert.ThrowsAsync<AppException>(() => Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), codes[0], TestHub.Browser, Cancel));
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, old) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        await SignInAsync(visitor, user, Hub.CodeOf(seed));

        var page = await visitor.PressAsync(await visitor.OpenAsync("/account/authenticator", Cancel), "New recovery codes", Cancel);

        Assert.Equal("recovery.renewed", Hub.EventsOf(user)[0]);
        await Assert.ThrowsAsync<AppException>(() => Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), old[0], TestHub.Browser, Cancel));
        Assert.NotNull(
            await Hub.Get<LocalSignIn>().WithCodeAsync(
                Hub.PendingOf(user), page.QuerySelector("#recovery")!.TextContent.Split('\n')[0], TestHub.Browser, Cancel));
    }

    [Fact]
    public async Task Nobody_sets_a_new_app_up_over_one_that_is_on()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);

        await Hub.Get<TotpService>().BeginAsync(user.Id, Cancel);

        Assert.Equal(seed.Reveal(), Hub.Get<TotpService>().Find(user.Id)!.Seed.Reveal());
        Assert.Null(await Hub.SessionOfAsync(user.Name));
    }

    private static async Task SignInAsync(Walker visitor, User user, string code) =>
        (await visitor.PressAsync((await visitor.SignInAsync(user.Name)).Fill("Code", code), "Sign in", Cancel)).Expect(HttpStatusCode.OK, "/");
}
