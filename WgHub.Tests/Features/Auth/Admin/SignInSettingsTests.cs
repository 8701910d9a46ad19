using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Oidc;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

public sealed class SignInSettingsTests : TimedHubTest
{
    private const string Page = "/settings/sign-in";
    private const string Issuer = "https://id.example.com/realms/main";
    private const string Secret = "planted-client-secret";

    private SignInSettings Current => Hub.Get<SignInSettingsStore>().Current;

    [Fact]
    public async Task A_provider_is_kept_and_its_secret_never_shown()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);

        var answer = (await SaveAsync(admin)).Expect(HttpStatusCode.OK);

        Assert.Equal((Issuer, "wghub", Secret), (Current.Issuer, Current.ClientId, Current.ClientSecret!.Reveal()));
        Assert.Equal(["admins", "the owners"], Current.AdminValues);
        Assert.Contains(Issuer, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await admin.GetAsync(Page)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await SaveAsync(admin, ("RoleClaim", ""))).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);

        await SaveAsync(admin, ("ClientSecret", ""));
        Assert.Equal(Secret, Current.ClientSecret!.Reveal());
        await SaveAsync(admin, ("ClientSecret", ""), ("RemoveSecret", "true"));
        Assert.Null(Current.ClientSecret);
        await SaveAsync(admin, ("Issuer", ""), ("ClientId", ""));
        Assert.False(Current.HasProvider);
    }

    [Fact]
    public async Task The_page_tells_the_addresses_that_the_provider_wants()
    {
        var page = await (await Hub.PersonAsync(Roles.Admin)).GetAsync(Page);

        Assert.All(
            [OidcEndpoints.CallbackPath, OidcEndpoints.SignedOutPath, OidcEndpoints.BackchannelLogoutPath],
            path => Assert.Contains($">{Hub.Url}{path}<", page.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Issuer", "http://id.example.com")]
    [InlineData("Issuer", "ftp://id.example.com")]
    [InlineData("Issuer", "id.example.com")]
    [InlineData("Issuer", "https://")]
    [InlineData("Issuer", "https://me:pass@id.example.com")]
    [InlineData("Issuer", "https://id.example.com/?tenant=1")]
    [InlineData("Issuer", "https://id.example.com/#here")]
    [InlineData("Issuer", "https://id.example.com\\@evil.example")]
    [InlineData("Issuer", "https://id.example.com/\u0001")]
    [InlineData("Issuer", "http://127.0.0.1.evil.example")]
    [InlineData("Issuer", "")]
    [InlineData("ClientId", "")]
    [InlineData("ClientId", "a\u0007b")]
    [InlineData("ClientSecret", "two words")]
    [InlineData("ClientSecret", "line\r\nX-Header: a")]
    [InlineData("TokenAuth", "private_key_jwt")]
    [InlineData("TokenAuth", "")]
    [InlineData("Scopes", "profile")]
    [InlineData("Scopes", "openid \"quoted\"")]
    [InlineData("RoleClaim", "")]
    [InlineData("AdminValues", "fine\na\u0007b")]
    public async Task What_cannot_be_is_refused_at_its_field(string field, string value)
    {
        var answer = (await SaveAsync(await Hub.PersonAsync(Roles.Admin), (field, value))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Matches($"""data-valmsg-for="{field}"[^>]*>[^<]""", answer.Body);
        Assert.False(Current.HasProvider);
    }

    [Theory]
    [InlineData("Issuer", 501)]
    [InlineData("ClientId", 201)]
    [InlineData("ClientSecret", 501)]
    [InlineData("Scopes", 201)]
    [InlineData("RoleClaim", 201)]
    [InlineData("ViewerValues", 500_000)]
    public async Task What_is_too_long_is_refused(string field, int length)
    {
        var value = field switch { "Issuer" => $"{Issuer}/", "Scopes" => "openid ", _ => "" };

        (await SaveAsync(await Hub.PersonAsync(Roles.Admin), (field, value.PadRight(length, 'a')))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.False(Current.HasProvider);
    }

    [Fact]
    public async Task A_plain_http_issuer_may_be_this_machine_itself()
    {
        await SaveAsync(await Hub.PersonAsync(Roles.Admin), ("Issuer", "http://127.0.0.1:9000"));

        Assert.Equal("http://127.0.0.1:9000", Current.Issuer);
    }

    [Theory]
    [InlineData("Issuer", "https://id.evil.example")]
    [InlineData("ClientId", "another")]
    public async Task The_secret_of_one_client_is_not_given_to_another(string field, string value)
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        await SaveAsync(admin);

        (await SaveAsync(admin, (field, value), ("ClientSecret", ""))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Equal((Issuer, "wghub"), (Current.Issuer, Current.ClientId));
    }

    [Fact]
    public async Task An_old_proof_is_asked_for_anew_and_changes_nothing()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        Time.Advance(Confirmation.Life);

        foreach (var handler in (string[])["", "?handler=Offer", "?handler=Local", "?handler=Test"])
        {
            var answer = (await admin.PostAsync(Page + handler, Fields())).Expect(HttpStatusCode.Redirect);
            Assert.Equal("/confirm?returnUrl=%2Fsettings%2Fsign-in", answer.Headers.Location?.OriginalString);
        }

        Assert.False(Current.HasProvider);
        Assert.Contains("/confirm?returnUrl=", (await admin.GetAsync(Page)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_changes_nothing()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);

        (await (admin with { Antiforgery = "made up" }).PostAsync(Page, Fields())).Expect(HttpStatusCode.BadRequest);

        Assert.False(Current.HasProvider);
    }

    [Fact]
    public async Task What_was_not_tested_is_not_offered()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        await SaveAsync(admin);
        (await SwitchAsync(admin, "Offer", true)).Expect(HttpStatusCode.Conflict);
        Assert.False(Current.OidcEnabled);

        await PassTestAsync();
        (await SwitchAsync(admin, "Offer", true)).Expect(HttpStatusCode.OK);
        Assert.True(Current.OidcEnabled);
        await SaveAsync(admin, ("ClientSecret", ""));
        Assert.True(Current.OidcEnabled); // nothing differs
        await SaveAsync(admin, ("ViewerValues", "everybody"));
        Assert.False(Current.OidcEnabled);
        (await SwitchAsync(admin, "Offer", true)).Expect(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task No_change_leaves_the_hub_without_a_way_in()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        await SaveAsync(admin);
        await PassTestAsync();
        await SwitchAsync(admin, "Offer", true);
        (await SwitchAsync(admin, "Local", false)).Expect(HttpStatusCode.Conflict);
        await Hub.SignInAsync(await Hub.ProviderAccountAsync(Roles.Operator, "oskar"));
        var ada = await Hub.ProviderAccountAsync(Roles.Admin, "ada");
        (await SwitchAsync(admin, "Local", false)).Expect(HttpStatusCode.Conflict); // she was never here
        Assert.True(Current.LocalSignIn);

        await Hub.SignInAsync(ada);
        (await SwitchAsync(admin, "Local", false)).Expect(HttpStatusCode.OK);
        Assert.False(Current.LocalSignIn);
        (await SwitchAsync(admin, "Offer", false)).Expect(HttpStatusCode.Conflict);
        (await SaveAsync(admin, ("RoleClaim", "roles"))).Expect(HttpStatusCode.Conflict);
        (await SaveAsync(admin, ("Issuer", ""), ("ClientId", ""))).Expect(HttpStatusCode.Conflict);
        Assert.Equal((true, "groups"), (Current.OidcEnabled, Current.RoleClaim));

        (await SwitchAsync(admin, "Local", true)).Expect(HttpStatusCode.OK);
        (await SwitchAsync(admin, "Offer", false)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_is_remembered_with_before_and_after_and_without_the_secret()
    {
        var admin = await Hub.PersonAsync(Roles.Admin, "ada");
        await SaveAsync(admin);
        await SaveAsync(admin);
        await SaveAsync(admin, ("RoleClaim", "roles"), ("ClientSecret", "another-planted-secret"));

        var entries = (await Hub.Admin.GetAsync("/api/audit?event=settings.signin.changed&actor=user:ada")).At("entries");

        Assert.Equal(2, entries.GetArrayLength());
        Assert.Contains("groups → roles", entries[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("planted", entries.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_outcome_of_a_test_is_for_the_session_that_made_it_and_for_the_settings_that_were_tried()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        var other = await Hub.PersonAsync(Roles.Admin);
        await SaveAsync(admin);
        var session = Assert.Single(Hub.Get<SessionStore>().Of(admin.User.Id)).Id;
        Hub.Get<OidcTestOutcomes>().Keep(session, new(Time.GetUtcNow(), Current.Fingerprint(), null, "Ada", ["sub", "groups"], ["<b>admins</b>"], Roles.Admin));

        var page = (await admin.GetAsync(Page)).Body;
        Assert.Contains("It works", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;admins", page, StringComparison.Ordinal);
        Assert.DoesNotContain("It works", (await other.GetAsync(Page)).Body, StringComparison.Ordinal);

        await SaveAsync(admin, ("ViewerValues", "everybody"));
        Assert.DoesNotContain("It works", (await admin.GetAsync(Page)).Body, StringComparison.Ordinal);
        Hub.Get<OidcTestOutcomes>().Keep(session, OidcTestOutcome.Failure(Time.GetUtcNow(), Current.Fingerprint(), "The issuer calls itself otherwise."));
        Assert.Contains("The issuer calls itself otherwise.", (await admin.GetAsync(Page)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_page_offers_a_provider_and_does_not_ask_it()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        await SaveAsync(admin, ("Issuer", "http://127.0.0.1:1")); // nobody listens there
        Assert.DoesNotContain("Sign in with", (await Hub.Nobody.GetAsync("/signin")).Body, StringComparison.Ordinal);

        await PassTestAsync();
        await SwitchAsync(admin, "Offer", true);

        Assert.Contains("Sign in with 127.0.0.1", (await Hub.Nobody.GetAsync("/signin")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }

    private static Task<Answer> SaveAsync(Person person, params (string Name, string Value)[] changes) => person.PostAsync(Page, Fields(changes));

    private static Task<Answer> SwitchAsync(Person person, string what, bool isOn) =>
        person.PostAsync($"{Page}?handler={what}", ("isOn", isOn ? "true" : "false"));

    /// <summary>What the engine does when a test sign-in succeeds.</summary>
    private Task PassTestAsync() => Hub.Database.WriteAsync(
        db =>
        {
            var store = Hub.Get<SignInSettingsStore>();
            var settings = store.Find(db);
            store.Save(db, settings with { TestedFingerprint = settings.Fingerprint(), TestedAt = Time.GetUtcNow() });
        },
        Cancel);

    private static (string Name, string Value)[] Fields(params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>
        {
            ["Issuer"] = Issuer,
            ["ClientId"] = "wghub",
            ["ClientSecret"] = Secret,
            ["TokenAuth"] = "auto",
            ["Scopes"] = "openid profile email",
            ["RoleClaim"] = "groups",
            ["AdminValues"] = "admins\r\nthe owners\r\n\r\nadmins",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return [.. fields.Select(field => (field.Key, field.Value))];
    }
}
