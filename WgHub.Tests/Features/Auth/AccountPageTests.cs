using System.Net;
using AngleSharp.Dom;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Auth;

/// <summary>What people see and do of their own account, without script.</summary>
public sealed class AccountPageTests : TimedHubTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.AddPersonAsync(Roles.Admin);
    }

    [Theory]
    [InlineData(Roles.Viewer)]
    [InlineData(Roles.Operator)]
    [InlineData(Roles.Admin)]
    public async Task Everybody_finds_name_and_role_behind_the_name_in_the_header(string role)
    {
        var user = await Hub.AddPersonAsync(role);
        using var visitor = new Walker(new(Hub.Url));
        var home = await visitor.SignInAsync(user.Name);

        var link = home.QuerySelector(".header-who")!;
        Assert.Equal(("/account", $"{user.Name} {role}"), (link.GetAttribute("href"), link.TextContent.Trim()));
        Assert.Equal(
            [user.Name, role, "with a password or a passkey of this hub"],
            (await visitor.OpenAsync("/account", Cancel)).QuerySelectorAll(".datagrid dd").Select(fact => fact.TextContent));
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        var user = await Hub.AddPersonAsync();
        var elsewhere = Hub.Client(null, $"wghub={await Hub.SessionOfAsync(user.Name)}");
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);
        var page = await visitor.OpenAsync("/account/password", Cancel);

        page = await ChangeAsync(visitor, page, "wrong horse battery", "another good password", HttpStatusCode.UnprocessableEntity);
        Assert.Contains("This is not your password.", page.Words(), StringComparison.Ordinal);
        page = await ChangeAsync(visitor, page, LocalAccounts.Password, "short", HttpStatusCode.UnprocessableEntity);
        Assert.Contains("12 to 200 characters.", page.Words(), StringComparison.Ordinal);
        await ChangeAsync(visitor, page, LocalAccounts.Password, "another good password", HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/spoke/list")).Status);
        (await visitor.OpenAsync("/account", Cancel)).Expect(HttpStatusCode.OK, "/account");
        Assert.NotNull(await Hub.SessionOfAsync(user.Name, "another good password"));
        Assert.Contains("user.password", Hub.EventsOf(user));
    }

    [Fact]
    public async Task Who_guesses_at_the_old_password_in_a_session_is_slowed_down()
    {
        var user = await Hub.AddPersonAsync();
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);
        var page = await visitor.OpenAsync("/account/password", Cancel);

        for (var i = 0; i < 3; i++)
        {
            page = await ChangeAsync(visitor, page, "wrong horse battery", "another good password", HttpStatusCode.UnprocessableEntity);
        }

        await ChangeAsync(visitor, page, LocalAccounts.Password, "another good password", HttpStatusCode.TooManyRequests);
        Assert.Equal(3, Hub.EventsOf(user).Count(name => name == "signin.failed"));
    }

    [Fact]
    public async Task Sessions_are_ended_one_by_one_and_all_others_at_once()
    {
        var user = await Hub.AddPersonAsync();
        var others = new[] { await CookieAsync(user), await CookieAsync(user), await CookieAsync(user) };
        Time.Advance(TimeSpan.FromMinutes(1));
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);

        var page = await visitor.OpenAsync("/account", Cancel);
        Assert.Equal(4, page.QuerySelectorAll("tbody tr").Length);
        Assert.Contains("this one", page.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);

        page = await visitor.PressAsync(page, "End", Cancel);
        Assert.Equal(3, page.QuerySelectorAll("tbody tr").Length);
        page = await visitor.PressAsync(page, "End all others", Cancel);
        Assert.Single(page.QuerySelectorAll("tbody tr"));

        foreach (var cookie in others)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.Client(null, cookie).GetAsync("/api/spoke/list")).Status);
        }

        Assert.Equal(["sessions.ended", "session.ended"], Hub.EventsOf(user).Take(2));
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        var (user, other) = (await Hub.AddPersonAsync(), await Hub.AddPersonAsync());
        await CookieAsync(other);
        await CookieAsync(user);
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);
        var page = await visitor.OpenAsync("/account", Cancel);
        var form = page.QuerySelector<AngleSharp.Html.Dom.IHtmlFormElement>("tbody form")!;
        form.Action = $"{Hub.Url}/account?handler=End&id={Hub.Get<SessionStore>().Of(other.Id).Single().Id}";

        (await visitor.PressAsync(page, "End", Cancel)).Expect(HttpStatusCode.NotFound, "/account");

        Assert.Single(Hub.Get<SessionStore>().Of(other.Id));
    }

    [Fact]
    public async Task A_token_has_no_account()
    {
        foreach (var path in new[] { "/account", "/account/password", "/account/authenticator", "/confirm" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Hub.Admin.GetAsync(path)).Status);
        }
    }

    [Theory]
    [InlineData("//evil.example", "/account")]
    [InlineData("https://evil.example/", "/account")]
    [InlineData("/spokes", "/spokes")]
    public async Task A_fresh_proof_leads_on_within_the_hub_alone(string address, string arrives)
    {
        var user = await Hub.AddPersonAsync();
        using var visitor = new Walker(new(Hub.Url));
        await visitor.SignInAsync(user.Name);

        var page = await visitor.OpenAsync($"/confirm?returnUrl={Uri.EscapeDataString(address)}", Cancel);
        page = (await visitor.PressAsync(page.Fill("Password", "wrong horse battery"), "Go on", Cancel)).Expect(HttpStatusCode.UnprocessableEntity, "/confirm");

        (await visitor.PressAsync(page.Fill("Password", LocalAccounts.Password), "Go on", Cancel)).Expect(HttpStatusCode.OK, arrives);
    }

    private async Task<string> CookieAsync(User user) => $"wghub={await Hub.SessionOfAsync(user.Name)}";

    private static async Task<IDocument> ChangeAsync(Walker visitor, IDocument page, string current, string next, HttpStatusCode expected) =>
        (await visitor.PressAsync(page.Fill("Your password", current).Fill("New password", next), "Change", Cancel)).Expect(expected, "/account/password");
}
