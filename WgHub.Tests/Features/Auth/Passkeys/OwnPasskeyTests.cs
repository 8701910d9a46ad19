using System.Net;
using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

public sealed class OwnPasskeyTests : TimedHubTest
{
    private const string Place = "/account/passkeys";

    private PasskeyBrowser _browser = null!;
    private User _user = null!;

    private IReadOnlyList<Passkey> Passkeys => Hub.Get<PasskeyStore>().Of(_user.Id);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.AddPersonAsync(Roles.Admin);
        _user = await Hub.AddPersonAsync();
        _browser = new(Hub);
        await _browser.SignInAsync(Hub, _user);
    }

    public override async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_passkey_is_added_listed_and_removed()
    {
        Assert.Equal(HttpStatusCode.Redirect, (await _browser.AddAsync("Phone <b>")).Status);
        var made = Assert.Single(Passkeys);
        Assert.Contains("Phone &lt;b&gt;", (await _browser.GetAsync(Place)).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await _browser.PostAsync($"{Place}?handler=Remove", ("id", made.Id))).Status);

        Assert.Empty(Passkeys);
        Assert.Equal(["passkey.removed", "passkey.added"], Hub.EventsOf(_user).Take(2));
    }

    [Fact]
    public async Task Nothing_is_shown_added_or_removed_without_a_fresh_proof()
    {
        await _browser.AddAsync();
        var options = await _browser.AskAsync(Place, ("name", "Laptop"));
        Time.Advance(Confirmation.Life);

        PasskeyPage[] answers =
        [
            await _browser.GetAsync(Place),
            await _browser.PostAsync($"{Place}?handler=Options", ("name", "Laptop")),
            await _browser.PostAsync(Place, ("name", "Laptop"), ("answer", _browser.Device.Make(options))),
            await _browser.PostAsync($"{Place}?handler=Remove", ("id", Passkeys[0].Id)),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Redirect, "/confirm?returnUrl=%2Faccount%2Fpasskeys"), (answer.Status, answer.Location)));
        Assert.Single(Passkeys);
    }

    [Fact]
    public async Task A_passkey_is_a_fresh_proof_of_its_owner_alone()
    {
        await _browser.AddAsync();
        Time.Advance(Confirmation.Life);
        Assert.Contains("Use a passkey", (await _browser.GetAsync("/confirm")).Body, StringComparison.Ordinal);

        using var another = new PasskeyBrowser(Hub);
        await another.SignInAsync(Hub, await Hub.AddPersonAsync());
        await another.AddAsync();
        var refused = await _browser.PostAsync("/confirm/passkey", ("answer", another.Device.Use(await _browser.AskAsync("/confirm/passkey"))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("signin.failed", Hub.EventsOf(_user)[0]);
        Assert.Equal(HttpStatusCode.Redirect, (await _browser.GetAsync(Place)).Status);

        Assert.Equal("/account", (await _browser.ConfirmAsync()).Location);
        Assert.Equal("session.confirmed", Hub.EventsOf(_user)[0]);
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync(Place)).Status);
    }

    [Fact]
    public async Task The_challenge_of_a_sign_in_confirms_nothing()
    {
        await _browser.AddAsync();
        using var anonymous = new PasskeyBrowser(Hub);
        var options = await anonymous.AskAsync("/signin/passkey");
        _browser.Cookies.Add(new Uri(_browser.Origin), new Cookie("wghub-passkey", anonymous.Cookies.GetAllCookies()["wghub-passkey"]!.Value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _browser.PostAsync("/confirm/passkey", ("answer", _browser.Device.Use(options)))).Status);
    }

    [Fact]
    public async Task A_passkey_belongs_to_one_account()
    {
        await _browser.AddAsync();
        var mine = Passkeys[0];
        var other = await Hub.AddPersonAsync();
        _browser.SignOut();
        await _browser.SignInAsync(Hub, other);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _browser.AddAsync()).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _browser.PostAsync($"{Place}?handler=Remove", ("id", mine.Id))).Status);
        Assert.Equal(mine, Assert.Single(Passkeys));
    }

    [Fact]
    public async Task An_answer_of_another_origin_or_without_a_verified_user_makes_no_passkey()
    {
        _browser.Device.IsUserVerified = false;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _browser.AddAsync()).Status);
        _browser.Device.IsUserVerified = true;
        _browser.Device.Origin = "https://localhost.evil.example";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _browser.AddAsync()).Status);
        Assert.Empty(Passkeys);
    }

    [Fact]
    public async Task There_are_ten_at_most()
    {
        for (var i = 0; i < OwnPasskeys.Most; i++)
        {
            using var device = new SoftAuthenticator(_browser.Origin);
            var options = await _browser.AskAsync(Place, ("name", "Key"));
            Assert.Equal(i, options.TryGetProperty("excludeCredentials", out var known) ? known.GetArrayLength() : 0);
            await _browser.PostAsync(Place, ("name", "Key"), ("answer", device.Make(options)));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.PostAsync($"{Place}?handler=Options", ("name", "Key"))).Status);
        Assert.Equal(OwnPasskeys.Most, Passkeys.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\u0007b")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_name_that_is_none_is_refused_before_the_device_is_asked(string name)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.PostAsync($"{Place}?handler=Options", ("name", name))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _browser.PostAsync(Place, ("name", name))).Status);
    }

    [Fact]
    public async Task At_an_ip_address_no_passkey_is_offered_and_the_page_says_why()
    {
        await _browser.AddAsync();
        using var byAddress = new PasskeyBrowser(Hub, "127.0.0.1");
        Assert.DoesNotContain("Use a passkey", (await byAddress.GetAsync("/signin")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await byAddress.PostAsync("/signin/passkey?handler=Options")).Status);
        await byAddress.SignInAsync(Hub, _user);

        var page = (await byAddress.GetAsync(Place)).Body;

        Assert.Contains("Passkeys belong to a host name", page, StringComparison.Ordinal);
        Assert.Contains("leads to 127.0.0.1", page, StringComparison.Ordinal); // how it gets a name, and where to open it then
        Assert.Matches("then open https://vpn.example.com(:[0-9]+)?/account/passkeys", page);
        Assert.DoesNotContain("data-passkey", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_antiforgery_value_no_challenge_is_given()
    {
        using var client = new HttpClient { BaseAddress = new(_browser.Origin) };
        using var answer = await client.PostAsync(new Uri("/signin/passkey?handler=Options", UriKind.Relative), null, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Whatever_is_sent_out_of_order_or_out_of_shape_is_a_refusal()
    {
        await _browser.AddAsync();
        var right = _browser.Device.Use(await _browser.AskAsync("/signin/passkey"));
        _browser.Cookies.GetAllCookies()["wghub-passkey"]!.Expired = true;
        string[] answers =
        [
            right, "", "null", "[]", "{}", "{", "\"x\"", "1e999", new('[', 10_000), new('x', 64 * 1024), $"{{\"id\":\"{new string('A', 64 * 1024)}\"}}",
            .. Hurt(JsonDocument.Parse(right).RootElement, right),
        ];
        foreach (var path in (string[])["/signin/passkey", "/confirm/passkey", Place])
        {
            foreach (var answer in answers)
            {
                await RefusedAsync(path, answer); // no challenge
                await _browser.AskAsync(path, ("name", "x"));
                await RefusedAsync(path, answer);
            }
        }

        Assert.Single(Passkeys);
    }

    [Fact]
    public async Task A_strange_cookie_is_no_challenge()
    {
        foreach (var value in (string[])["x", new('x', 3000), "CfDJ8AAAA"])
        {
            _browser.Cookies.Add(new Uri(_browser.Origin), new Cookie("wghub-passkey", value));
            Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.PostAsync("/signin/passkey", ("answer", "{}"))).Status);
        }
    }

    private async Task RefusedAsync(string path, string answer)
    {
        var page = await _browser.PostAsync(path, ("name", "x"), ("answer", answer));
        Assert.True((int)page.Status is >= 400 and < 500, $"{page.Status} {page.Location} at {path} for {answer[..Math.Min(500, answer.Length)]}");
    }

    /// <summary>The right answer with each of its members gone, empty, no base64url, or of another type.</summary>
    private static IEnumerable<string> Hurt(JsonElement answer, string text)
    {
        foreach (
            var value in answer.EnumerateObject()
                .Concat(answer.GetProperty("response").EnumerateObject())
                .Select(member => member.Value.GetRawText())
                .Distinct())
        {
            foreach (var other in (string[])["null", "\"\"", "\"#\"", "\"AAAA\"", "7", "[]", "{}"])
            {
                yield return text.Replace(value, other, StringComparison.Ordinal);
            }
        }
    }
}
