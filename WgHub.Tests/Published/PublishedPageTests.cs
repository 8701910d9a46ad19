using System.Net;
using AngleSharp.Dom;
using WgHub.TestKit;

namespace WgHub.Published;

[Trait("Kind", "Published")]
[Collection(nameof(PublishedSite))]
public sealed class PublishedPageTests(PublishedSite site)
{
    [Fact]
    public async Task Set_up_ends_on_the_dashboard_and_is_closed_afterwards()
    {
        site.AfterSetUp.Expect(HttpStatusCode.OK, "/");

        Assert.Equal(3, (await site.Hub.RunAsync(["setup-code"], Cancel)).ExitCode);
        (await site.Visitor.OpenAsync("/setup", Cancel)).Expect(HttpStatusCode.OK, "/");
    }

    [Fact]
    public async Task A_wrong_password_opens_nothing()
    {
        using var stranger = new Visitor(site.Hub.Url);

        var page = (await SignInAsync(stranger, "a wrong password")).Expect(HttpStatusCode.Unauthorized, "/signin");

        Assert.Contains("Name or password is wrong.", page.Words(), StringComparison.Ordinal);
        (await stranger.OpenAsync("/spokes", Cancel)).Expect(HttpStatusCode.OK, "/signin");
    }

    [Fact]
    public async Task Signing_in_leads_to_the_page_that_was_asked_for_until_one_signs_out()
    {
        using var visitor = new Visitor(site.Hub.Url);
        await visitor.OpenAsync("/settings", Cancel);

        var settings = (await SignInAsync(visitor, PublishedSite.Password, "/signin?returnUrl=%2Fsettings")).Expect(HttpStatusCode.OK, "/settings");
        (await visitor.PressAsync(settings, "Sign out", Cancel)).Expect(HttpStatusCode.OK, "/signin");

        (await visitor.OpenAsync("/settings", Cancel)).Expect(HttpStatusCode.OK, "/signin");
    }

    [Fact]
    public async Task An_account_of_the_command_line_sees_what_its_role_may_do()
    {
        (await site.Hub.RunAsync(["user", "add", "bob", "--role", "viewer"], Cancel, "another good password\n")).OrThrow();
        using var viewer = new Visitor(site.Hub.Url);

        (await SignInAsync(viewer, "another good password", name: "bob")).Expect(HttpStatusCode.OK, "/");

        var tokens = (await viewer.OpenAsync("/tokens", Cancel)).Expect(HttpStatusCode.OK, "/tokens");
        Assert.DoesNotContain("Make token", tokens.Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_link_leads_to_a_page_and_every_page_to_assets_that_are_there()
    {
        await site.Admin.EnrolAsync("page-links");
        var (seen, assets, left) = (new HashSet<string>(["/"]), new HashSet<string>(), new Queue<string>(["/"]));

        while (left.TryDequeue(out var path))
        {
            var page = await site.Visitor.OpenAsync(path, Cancel);
            Assert.True(page.StatusCode == HttpStatusCode.OK, $"{path}: {page.StatusCode} {page.Words()}");
            assets.UnionWith(page.QuerySelectorAll("link[href], script[src], img[src]").Select(one => one.GetAttribute("href") ?? one.GetAttribute("src")!));
            foreach (var link in page.QuerySelectorAll("a[href^='/']").Select(one => one.GetAttribute("href")!.Split('#')[0]).Where(seen.Add))
            {
                left.Enqueue(link);
            }
        }

        Assert.Superset(new HashSet<string>(["/spokes", "/tokens", "/settings"]), seen);
        Assert.Contains(seen, path => path.StartsWith("/spokes/", StringComparison.Ordinal));
        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            (await site.Hub.Nobody.GetAsync(asset)).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Htmx_gets_a_part_and_no_page()
    {
        await site.Admin.EnrolAsync("page-part");

        var part = (await site.Visitor.OpenPartAsync("/spokes?q=page-part", Cancel)).Expect(HttpStatusCode.OK, "/spokes");

        Assert.Contains("page-part", part.Words(), StringComparison.Ordinal);
        Assert.DoesNotContain("<html", part.Source.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_form_without_its_hidden_field_is_refused()
    {
        var page = await site.Visitor.OpenAsync("/tokens", Cancel);
        foreach (var field in page.QuerySelectorAll("input[name=__RequestVerificationToken]"))
        {
            field.Remove();
        }

        (await site.Visitor.PressAsync(page.Fill("Name", "page-forged"), "Make token", Cancel)).Expect(HttpStatusCode.BadRequest, "/tokens");

        Assert.DoesNotContain("page-forged", (await site.Admin.GetAsync("/api/installation/tokens")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bad_name_is_refused_in_its_field(bool isHtmx)
    {
        var form = (await site.Visitor.OpenAsync("/tokens", Cancel)).Fill("Name", "$(reboot)");

        var answer = isHtmx ? await site.Visitor.PressByHtmxAsync(form, "Make token", Cancel) : await site.Visitor.PressAsync(form, "Make token", Cancel);

        answer.Expect(HttpStatusCode.UnprocessableEntity, "/tokens");
        Assert.Contains("1 to 63 letters, digits", answer.QuerySelector(".field-problem")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(!isHtmx, answer.Source.Text.Contains("<html", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_line_of_a_new_token_is_shown_once_and_downloads_its_script()
    {
        var made = (await site.Visitor.PressAsync((await site.Visitor.OpenAsync("/tokens", Cancel)).Fill("Name", "page-token"), "Make token", Cancel))
            .Expect(HttpStatusCode.OK, "/tokens");
        var line = made.QuerySelectorAll("code").Select(one => one.TextContent).First(text => text.StartsWith("curl ", StringComparison.Ordinal));

        // Its address is the third word: curl -fsSL ADDRESS | sudo sh
        var script = (await site.Hub.Nobody.GetAsync(new Uri(line.Split(' ')[2]).AbsolutePath)).Expect(HttpStatusCode.OK);

        (await Shell.RunAsync(["sh", "-n"], script.Body, Cancel)).OrThrow();
        var list = await site.Visitor.OpenAsync("/tokens", Cancel);
        Assert.Contains("page-token", list.Words(), StringComparison.Ordinal);
        Assert.DoesNotContain("curl ", list.Words(), StringComparison.Ordinal);
    }

    private static async Task<IDocument> SignInAsync(Visitor visitor, string password, string path = "/signin", string name = PublishedSite.Name) =>
        await visitor.PressAsync((await visitor.OpenAsync(path, Cancel)).Fill("Name", name).Fill("Password", password), "Sign in", Cancel);
}
