using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

public sealed class UserListTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_row_tells_where_an_account_signs_in_and_what_it_may()
    {
        var admin = await hub.PersonAsync(Roles.Admin, "anna");
        await hub.ProviderAccountAsync(Roles.Operator, "anna");
        await hub.Get<AccountService>().DisableAsync((await hub.AccountAsync(Roles.Viewer, "bert")).Name, Actor.Cli, Cancel);

        var rows = await RowsAsync(admin, "/users?q=anna");
        Assert.Equal(2, rows.Count);
        Assert.Contains("anna you local admin Enabled – just now 1", rows);
        Assert.Contains("anna id.example.com operator Enabled – never 0", rows);
        Assert.Equal(["bert local viewer Disabled – never 0"], await RowsAsync(admin, "/users?q=bert"));
    }

    [Fact]
    public async Task Three_hundred_come_in_pages_and_are_found_by_a_part_of_their_name()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        await hub.Database.WriteAsync(
            db =>
            {
                for (var i = 0; i < 300; i++)
                {
                    hub.Get<UserStore>().Add(db, new($"many-{i}", $"many-{i:000}", Roles.Viewer, true), "", DateTimeOffset.UnixEpoch);
                }
            },
            Cancel);

        var seen = new List<string>();
        for (var page = 1; page <= 6; page++)
        {
            seen.AddRange(await RowsAsync(admin, $"/users?q=MANY&page={page}"));
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"many-{i:000}"), seen.Select(row => row.Split(' ')[0]));
        Assert.Equal(["many-123 local viewer Enabled – never 0"], await RowsAsync(admin, "/users?q=y-123"));
        Assert.Empty(await RowsAsync(admin, "/users?q=%25"));   // nothing in the search is a pattern
        foreach (var address in new[] { "/users?page=7&q=many", "/users?page=-1", "/users?page=2147483647", "/users?page=x", "/users?q=nobody" })
        {
            (await admin.GetAsync(address)).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Users_and_API_tokens_are_in_the_navigation_of_administrators_alone()
    {
        foreach (var role in Roles.All)
        {
            var page = (await (await hub.PersonAsync(role)).GetAsync("/spokes")).Expect(HttpStatusCode.OK).Body;

            Assert.Equal(role == Roles.Admin, page.Contains("href=\"/users\"", StringComparison.Ordinal));
            Assert.Equal(role == Roles.Admin, page.Contains("href=\"/api-tokens\"", StringComparison.Ordinal));
            Assert.Contains("href=\"/spokes\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_script_an_account_is_added_changed_switched_off_and_on()
    {
        await hub.Get<AccountService>().AddAsync("ada", Roles.Admin, Password, Actor.Cli, Cancel);
        using var visitor = new Published.Visitor(new(hub.Url));
        await visitor.PressAsync((await visitor.OpenAsync("/signin", Cancel)).Fill("Name", "ada").Fill("Password", Password), "Sign in", Cancel);

        var refused = await visitor.PressAsync((await visitor.OpenAsync("/users/new", Cancel)).Fill("Name", "carl").Fill("Password", "short"), "Add", Cancel);
        refused.Expect(HttpStatusCode.UnprocessableEntity, "/users/new");
        var page = await visitor.PressAsync(refused.Fill("Password", Password), "Add", Cancel);   // the name is still there
        var address = new Uri(page.Url).AbsolutePath;
        Assert.Equal("viewer", FactOf(page, "Role"));

        var role = await visitor.OpenAsync($"{address}/role", Cancel);
        var choice = role.QuerySelector<IHtmlSelectElement>("select")!;
        Assert.Equal(Roles.Viewer, choice.Value);
        choice.Value = Roles.Operator;
        page = (await visitor.PressAsync(role, "Change role", Cancel)).Expect(HttpStatusCode.OK, address);
        Assert.Equal("operator", FactOf(page, "Role"));

        page = await visitor.PressAsync(page, "Disable…", Cancel);
        Assert.Contains("API tokens that it made are refused", page.Words(), StringComparison.Ordinal);
        page = (await visitor.PressAsync(page, "Disable", Cancel)).Expect(HttpStatusCode.OK, address);
        Assert.Equal("Disabled", FactOf(page, "State"));
        page = (await visitor.PressAsync(page, "Enable", Cancel)).Expect(HttpStatusCode.OK, address);
        Assert.Equal("Enabled", FactOf(page, "State"));

        page = await visitor.OpenAsync($"{address}/password", Cancel);
        (await visitor.PressAsync(page.Fill("Password", "another horse battery"), "Set password", Cancel)).Expect(HttpStatusCode.OK, address);
        await hub.SessionOfAsync("carl", "another horse battery");
        page = await visitor.PressAsync(await visitor.OpenAsync(address, Cancel), "End", Cancel);
        Assert.Contains("No browser is signed in.", page.Words(), StringComparison.Ordinal);
    }

    private static string FactOf(IDocument page, string title) =>
        page.QuerySelectorAll("dt").Single(dt => dt.TextContent == title).NextElementSibling!.TextContent.Trim();

    private static async Task<IReadOnlyList<string>> RowsAsync(Person person, string address)
    {
        var page = await new HtmlParser().ParseDocumentAsync((await person.GetAsync(address)).Expect(HttpStatusCode.OK).Body, Cancel);
        return [.. page.QuerySelectorAll("tbody tr")
            .Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }
}
