using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

public sealed class PasskeySignInTests : TimedHubTest
{
    private const string Refusal = "This passkey is not accepted.";

    private PasskeyBrowser _browser = null!;
    private User _user = null!;

    /// <summary>What somebody may have bent before the answer went out.</summary>
    public static TheoryData<string> Bends => ["signature", "origin", "port", "verification", "credential", "account", "count"];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.AddPersonAsync(Roles.Admin); // else the sign-in page leads to the set-up
        _user = await Hub.AddPersonAsync();
        await Hub.AddAppAsync(_user);
        _browser = new(Hub);
        await _browser.SignInAsync(Hub, _user);
        Assert.Equal(HttpStatusCode.Redirect, (await _browser.AddAsync()).Status);
        _browser.SignOut();
    }

    public override async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_passkey_stands_for_password_and_code()
    {
        Assert.Contains("Use a passkey", (await _browser.GetAsync("/signin")).Body, StringComparison.Ordinal);
        var options = await _browser.AskAsync("/signin/passkey");

        var answer = await _browser.PostAsync("/signin/passkey", ("answer", _browser.Device.Use(options)), ("returnUrl", "/account"));

        Assert.Equal((HttpStatusCode.Redirect, "/account"), (answer.Status, answer.Location));
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync("/account")).Status);
        Assert.Contains(Hub.Get<SessionStore>().Of(_user.Id), session => session.Way == SignInWay.Passkey);
        Assert.Equal(Time.GetUtcNow(), Assert.Single(Hub.Get<PasskeyStore>().Of(_user.Id)).LastUsedAt);
        Assert.Equal("required", options.GetProperty("userVerification").GetString());
        Assert.Equal("localhost", options.GetProperty("rpId").GetString());
        Assert.Equal(0, options.TryGetProperty("allowCredentials", out var named) ? named.GetArrayLength() : 0); // it names no account's passkeys
    }

    [Fact]
    public async Task It_leads_to_no_other_site()
    {
        var options = await _browser.AskAsync("/signin/passkey");

        var answer = await _browser.PostAsync("/signin/passkey", ("answer", _browser.Device.Use(options)), ("returnUrl", "https://evil.example"));

        Assert.Equal("/", answer.Location);
    }

    [Theory]
    [MemberData(nameof(Bends))]
    public async Task A_bent_answer_is_refused_with_the_one_sentence(string bend)
    {
        await _browser.SignInByPasskeyAsync();
        _browser.SignOut();
        var other = await Hub.AddPersonAsync();
        var device = _browser.Device;
        using var stranger =
            new SoftAuthenticator(_browser.Origin) { Id = bend == "signature" ? device.Id : new byte[32], UserHandle = device.UserHandle, Count = 50 };
        switch (bend)
        {
            case "origin": device.Origin = "http://localhost.evil.example"; break;
            case "port": device.Origin = "http://localhost:1"; break;
            case "verification": device.IsUserVerified = false; break;
            case "account": device.UserHandle = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(other.Id)); break;
            case "count": device.Count = 2; break;
        }

        var options = await _browser.AskAsync("/signin/passkey");

        await RefusedAsync((bend is "signature" or "credential" ? stranger : device).Use(options));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replayed_answer_is_refused_also_with_its_cookie(bool counts)
    {
        _browser.Device.Count = counts ? 7 : null;
        await Hub.Database.WriteAsync(db => PasskeyStore.RemoveAll(db, _user.Id), Cancel);
        await _browser.SignInAsync(Hub, _user);
        await _browser.AddAsync();
        _browser.SignOut();
        var answer = _browser.Device.Use(await _browser.AskAsync("/signin/passkey"));
        var challenge = _browser.Cookies.GetAllCookies()["wghub-passkey"]!.Value;
        Assert.Equal(HttpStatusCode.Redirect, (await _browser.PostAsync("/signin/passkey", ("answer", answer))).Status);
        _browser.SignOut();

        await RefusedAsync(answer);
        _browser.Cookies.Add(new Uri(_browser.Origin), new Cookie("wghub-passkey", challenge));
        await RefusedAsync(answer);
    }

    [Fact]
    public async Task The_challenge_of_another_browser_or_purpose_is_none()
    {
        using var another = new PasskeyBrowser(Hub);
        await another.AskAsync("/signin/passkey");
        await RefusedAsync(_browser.Device.Use(await another.AskAsync("/signin/passkey")));

        await _browser.SignInAsync(Hub, _user);
        var toConfirm = await _browser.AskAsync("/confirm/passkey");
        _browser.SignOut();
        await RefusedAsync(_browser.Device.Use(toConfirm));
    }

    [Fact]
    public async Task A_challenge_lives_five_minutes()
    {
        var answer = _browser.Device.Use(await _browser.AskAsync("/signin/passkey"));
        Time.Advance(TimeSpan.FromMinutes(5));

        await RefusedAsync(answer);
    }

    [Fact]
    public async Task A_disabled_account_is_refused_as_anybody()
    {
        await Hub.Get<AccountService>().DisableAsync(_user.Name, Storage.Actor.Cli, Cancel);

        await RefusedAsync(_browser.Device.Use(await _browser.AskAsync("/signin/passkey")));
    }

    [Fact]
    public async Task With_local_sign_in_off_passkeys_are_off_too()
    {
        await Hub.Database.WriteAsync(db => Hub.Get<SignInSettingsStore>().Save(db, SignInSettings.Default with { LocalSignIn = false }), Cancel);

        Assert.DoesNotContain("Use a passkey", (await _browser.GetAsync("/signin")).Body, StringComparison.Ordinal);
        await RefusedAsync(_browser.Device.Use(await _browser.AskAsync("/signin/passkey")));
    }

    [Fact]
    public async Task A_removed_passkey_is_refused()
    {
        await Hub.Database.WriteAsync(db => PasskeyStore.RemoveAll(db, _user.Id), Cancel);

        Assert.DoesNotContain("Use a passkey", (await _browser.GetAsync("/signin")).Body, StringComparison.Ordinal);
        await RefusedAsync(_browser.Device.Use(await _browser.AskAsync("/signin/passkey")));
    }

    [Fact]
    public async Task Of_two_uses_at_once_with_one_challenge_one_is_let_in()
    {
        var answer = _browser.Device.Use(await _browser.AskAsync("/signin/passkey"));
        using var twin = new PasskeyBrowser(Hub);
        twin.Cookies.Add(new Uri(_browser.Origin), new Cookie("wghub-passkey", _browser.Cookies.GetAllCookies()["wghub-passkey"]!.Value));

        var outcomes = await Task.WhenAll(_browser.PostAsync("/signin/passkey", ("answer", answer)), twin.PostAsync("/signin/passkey", ("answer", answer)));

        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Unauthorized], outcomes.Select(outcome => outcome.Status).Order());
    }

    private async Task RefusedAsync(string deviceAnswer)
    {
        var before = FailuresInTheAudit();
        var answer = await _browser.PostAsync("/signin/passkey", ("answer", deviceAnswer));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains(Refusal, answer.Body, StringComparison.Ordinal);
        Assert.False(_browser.IsSignedIn);
        Assert.Equal(before + 1, FailuresInTheAudit());
    }

    private long FailuresInTheAudit() =>
        Hub.Database.Read(db => db.Count($"select count(*) from audit where event = 'signin.failed' and detail like '%passkey%'"));
}
