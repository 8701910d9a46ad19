using System.Net;
using AngleSharp.Dom;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Auth.Local;

public sealed class SecondStepTests : TimedHubTest
{
    private LocalSignIn SignIn => Hub.Get<LocalSignIn>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.AddPersonAsync(Roles.Admin); // else the sign-in page leads to the set-up
    }

    [Fact]
    public async Task After_the_password_a_code_of_the_app_lets_in_and_leads_on()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));

        var second = (await visitor.SignInAsync(user.Name, path: "/signin?returnUrl=%2Faccount")).Expect(HttpStatusCode.OK, "/signin/second");
        (await visitor.OpenAsync("/account", Cancel)).Expect(HttpStatusCode.OK, "/signin");

        (await TypeAsync(visitor, second, Hub.CodeOf(seed))).Expect(HttpStatusCode.OK, "/account");
        Assert.Equal(SignInWay.Totp, Assert.Single(Hub.Get<SessionStore>().Of(user.Id)).Way);
        (await visitor.OpenAsync("/signin/second", Cancel)).Expect(HttpStatusCode.OK, "/"); // what was between the two steps is over
    }

    [Fact]
    public async Task A_used_code_and_the_one_before_it_are_refused()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        await SignIn.WithCodeAsync(Hub.PendingOf(user), Hub.CodeOf(seed), TestHub.Browser, Cancel);

        await RefusedAsync(user, Hub.CodeOf(seed));
        await RefusedAsync(user, Hub.CodeOf(seed, -1));
        Assert.NotNull(await SignIn.WithCodeAsync(Hub.PendingOf(user), Hub.CodeOf(seed, 1), TestHub.Browser, Cancel));
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task A_clock_that_is_wrong_by_ten_minutes_is_refused(int minutes)
    {
        var user = await Hub.AddPersonAsync();
        var (seed, codes) = await Hub.AddAppAsync(user);

        await RefusedAsync(user, Hub.CodeOf(seed, minutes * 2));
        Assert.NotNull(await SignIn.WithCodeAsync(Hub.PendingOf(user), codes[0], TestHub.Browser, Cancel)); // and the paper still works
    }

    [Fact]
    public async Task Of_two_browsers_with_one_code_one_is_let_in()
    {
        for (var i = 0; i < 2; i++)
        {
            var user = await Hub.AddPersonAsync();
            var (seed, codes) = await Hub.AddAppAsync(user);
            var code = i == 0 ? Hub.CodeOf(seed) : codes[0];
            var outcomes =
                await Task.WhenAll(
                    Enumerable.Range(0, 2)
                        .Select(_ => Record.ExceptionAsync(() => SignIn.WithCodeAsync(Hub.PendingOf(user), code, TestHub.Browser, Cancel)).AsTask()));
            Assert.Single(outcomes, exception => exception is null);
            Assert.Single(outcomes, exception => exception is AppException { Code: WebErrors.ValidationFailed });
        }
    }

    [Fact]
    public async Task A_recovery_code_works_once_in_any_spelling()
    {
        var user = await Hub.AddPersonAsync();
        var (_, codes) = await Hub.AddAppAsync(user);

        Assert.NotNull(await SignIn.WithCodeAsync(Hub.PendingOf(user), codes[3].ToLowerInvariant().Replace('-', ' '), TestHub.Browser, Cancel));

        Assert.Equal(["signin.succeeded", "recovery.used"], Hub.EventsOf(user).Take(2));
        Assert.Equal(SignInWay.Recovery, Assert.Single(Hub.Get<SessionStore>().Of(user.Id)).Way);
        await RefusedAsync(user, codes[3]);
        Assert.Equal(9, Hub.Get<TotpService>().RecoveryCodesLeft(user.Id));
    }

    [Fact]
    public async Task Wrong_codes_slow_down_as_wrong_passwords_do()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        var page = await visitor.SignInAsync(user.Name);

        for (var i = 0; i < 3; i++)
        {
            page = (await TypeAsync(visitor, page, "000000")).Expect(HttpStatusCode.UnprocessableEntity, "/signin/second");
        }

        Assert.Contains("This code is wrong", page.Words(), StringComparison.Ordinal);
        page = (await TypeAsync(visitor, page, Hub.CodeOf(seed))).Expect(HttpStatusCode.TooManyRequests, "/signin/second");
        Time.Advance(TimeSpan.FromSeconds(1));
        (await TypeAsync(visitor, page, Hub.CodeOf(seed))).Expect(HttpStatusCode.OK, "/");
    }

    [Fact]
    public async Task Another_accounts_cookie_takes_the_codes_of_that_account_alone()
    {
        var (mine, theirs) = (await Hub.AddPersonAsync(), await Hub.AddPersonAsync());
        var (mySeed, _) = await Hub.AddAppAsync(mine);
        await Hub.AddAppAsync(theirs);
        using var visitor = new Walker(new(Hub.Url));

        var page = await visitor.SignInAsync(theirs.Name);

        (await TypeAsync(visitor, page, Hub.CodeOf(mySeed))).Expect(HttpStatusCode.UnprocessableEntity, "/signin/second");
        Assert.Empty(Hub.Get<SessionStore>().Of(mine.Id));
    }

    [Fact]
    public async Task After_five_minutes_the_password_is_asked_for_again()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        var page = await visitor.SignInAsync(user.Name);

        Time.Advance(TimeSpan.FromMinutes(5));

        (await TypeAsync(visitor, page, Hub.CodeOf(seed))).Expect(HttpStatusCode.OK, "/signin");
        Assert.Empty(Hub.Get<SessionStore>().Of(user.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("%00")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_the_step_before_there_is_no_second(string cookie)
    {
        var answer = await Hub.Client(null, $"wghub-second={cookie}").GetAsync("/signin/second?returnUrl=%2Faccount");

        Assert.Equal((HttpStatusCode.Redirect, "/signin?ReturnUrl=%2Faccount"), (answer.Status, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task The_cookie_of_the_first_step_opens_nothing_by_itself()
    {
        var user = await Hub.AddPersonAsync();
        await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);

        Assert.Empty(Hub.Get<SessionStore>().Of(user.Id));
        (await visitor.OpenAsync("/", Cancel)).Expect(HttpStatusCode.OK, "/signin");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_away_from_the_hub(string address)
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        using var visitor = new Walker(new(Hub.Url));

        var page = await visitor.SignInAsync(user.Name, path: $"/signin?returnUrl={Uri.EscapeDataString(address)}");

        (await TypeAsync(visitor, page, Hub.CodeOf(seed))).Expect(HttpStatusCode.OK, "/");
    }

    [Fact]
    public async Task Seed_and_recovery_codes_lie_nowhere_in_clear()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, codes) = await Hub.AddAppAsync(user);
        await RefusedAsync(user, codes[0] + "0");

        var kept = string.Join(' ', Hub.Database.Read(db => db.Query(
            $"select sealed_totp_seed from users where id = {user.Id} union all select code_hash from recovery_codes union all select detail from audit", row => row.Text("sealed_totp_seed"))));

        Assert.DoesNotContain(seed.Stored.Reveal(), kept, StringComparison.Ordinal);
        Assert.All(codes, code => Assert.DoesNotContain(Plain(code), Plain(kept), StringComparison.Ordinal));

        static string Plain(string text) => text.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    private static Task<IDocument> TypeAsync(Walker visitor, IDocument page, string code) => visitor.PressAsync(page.Fill("Code", code), "Sign in", Cancel);

    private async Task RefusedAsync(User user, string code) =>
        Assert.Equal(
            WebErrors.ValidationFailed,
            (await Assert.ThrowsAsync<AppException>(() => SignIn.WithCodeAsync(Hub.PendingOf(user), code, TestHub.Browser, Cancel))).Code);
}
