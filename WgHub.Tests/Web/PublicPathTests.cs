using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Extensions.Options;
using WgHub.Features.Auth.Passkeys;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A hub below a path of <c>Web:PublicUrl</c>: asked with the path, as a proxy hands it on, or without it.</summary>
public sealed class PublicPathTests(PublicPathSite site) : IClassFixture<PublicPathSite>
{
    private const string Url = PublicPathSite.Url;

    private TestHub Hub => site.Hub;

    [Theory]
    [InlineData("")]            // taken off, or a probe, or a spoke in the tunnel
    [InlineData("/a/b")]
    [InlineData("/A/b")]
    [InlineData("/a/b/a/b")]    // added by a proxy once more
    [InlineData("/")]           // taken off without its slash, as nginx does for "location /a/b" with "proxy_pass http://hub/"
    public async Task It_answers_with_the_path_and_without(string before)
    {
        foreach (var path in (string[])["/healthz", "/readyz", "/api/hub/config", "/openapi/v1.json", Assets.Url("app.css"), "/i/rotate", "/signin"])
        {
            var answer = await Hub.Admin.GetAsync(before + path);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{before}{path}: {answer.Status}");
            Assert.True(answer.Headers.Location is not { } leads || $"{leads}".StartsWith("/a/b/", StringComparison.Ordinal), $"{answer.Headers.Location}");
        }

        var lost = (await Hub.Nobody.GetAsync($"{before}/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        Assert.Equal("/a/b/api/spoke/list", lost.Text("instance"));
        Assert.Equal(
            "/a/b/signin?returnUrl=%2Fspokes%3Fq%3Dx", (await Hub.Nobody.GetAsync($"{before}/spokes?q=x")).Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/a/b")]
    [InlineData("/a/b/")]
    [InlineData("/")]
    public async Task The_path_itself_is_the_dashboard(string path)
    {
        var page = (await (await Hub.PersonAsync(Roles.Viewer)).GetAsync(path)).Expect(HttpStatusCode.OK);

        Assert.Contains("""<a class="nav-link" href="/a/b/" aria-current="page">Dashboard</a>""", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/spokes")]
    [InlineData("/a/b/spokes")]     // written by hand
    [InlineData("/other")]          // another of the same host: it would be a way out
    public async Task Whoever_signs_in_goes_on_below_the_path(string wanted)
    {
        await Hub.AccountAsync(Roles.Admin); // a hub without one leads to its set-up
        var person = await Hub.PersonAsync(Roles.Viewer);

        var leads = (await person.GetAsync($"/a/b/signin?returnUrl={Uri.EscapeDataString(wanted)}")).Expect(HttpStatusCode.Redirect).Headers.Location!;

        Assert.Equal(wanted.StartsWith("/a/b", StringComparison.Ordinal) ? wanted : $"/a/b{wanted}", leads.OriginalString);
    }

    [Theory]
    [InlineData("/a/b/i/{0}/more")]
    [InlineData("/i/{0}/more")]
    [InlineData("/a/b/a/b//join/{0}/more")]
    public async Task A_secret_in_an_address_is_told_nowhere(string address)
    {
        const string Secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Secret);

        var answer = await Hub.Nobody.SendAsync(HttpMethod.Get, path, null, ("Accept", "application/json"));

        Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_spokes_run_and_people_open_names_the_path()
    {
        var made = (await Hub.Operator.PostAsync("/a/b/api/installation/token", new { spokeName = Enrolling.NewName() })).Expect(HttpStatusCode.Created);
        var secret = made.Text("token", "token")!;

        Assert.Contains($" {Url}/i/{secret} | sudo sh", made.Text("token", "commands", "linux"), StringComparison.Ordinal);
        Assert.Contains($"{Url}/i/{secret}?platform=windows", made.Text("token", "commands", "windows"), StringComparison.Ordinal);
        Assert.Contains($"\nHUB_URL='{Url}'\n", (await Hub.Nobody.GetAsync($"/a/b/i/{secret}")).Body, StringComparison.Ordinal);
        Assert.Contains($"\nHUB_URL='{Url}'\n", (await Hub.Nobody.GetAsync("/i/rotate")).Body, StringComparison.Ordinal);
        Assert.Contains($"\n$HubUrl = '{Url}'\n", (await Hub.Nobody.GetAsync($"/i/{secret}?platform=windows")).Body, StringComparison.Ordinal);
        Assert.EndsWith("/a/b", (await Hub.Viewer.GetAsync("/openapi/v1.json")).At("servers")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
        var person = await Hub.PersonAsync(Roles.Operator);
        var page = (await person.PostAsync("/a/b/tokens", ("Fields.SpokeName", Enrolling.NewName()))).Expect(HttpStatusCode.OK);
        Assert.Contains($"{Url}/join/", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passkey_belongs_to_the_host_and_not_to_the_path() =>
        Assert.Equal("https://hub.example.com", Hub.Get<PasskeySite>().OriginFor(new DefaultHttpContext().Request));

    [Fact]
    public async Task A_page_of_the_site_sends_changes_and_another_site_does_not()
    {
        async Task<HttpStatusCode> ChangeAsync(string origin) =>
            (await Hub.Nobody.SendAsync(HttpMethod.Post, "/a/b/api/installation/token", null, ("Origin", origin))).Status;

        Assert.Equal(HttpStatusCode.Unauthorized, await ChangeAsync("https://hub.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync("https://example.com"));
    }

    [Theory]
    [InlineData("https", "__Host-wghub.a.b")]
    [InlineData("http", "wghub.a.b")]
    public void A_cookie_is_named_after_the_path_so_that_two_hubs_of_one_host_keep_apart(string scheme, string name)
    {
        var request = new DefaultHttpContext { Request = { Scheme = scheme, PathBase = "/a/b" } }.Request;

        Assert.Equal(name, request.NameOfCookie("wghub"));
        request.PathBase = "";
        Assert.Equal(name[..^".a.b".Length], request.NameOfCookie("wghub"));
    }

    [Theory]
    [InlineData("""<a class="x" href="/spokes">""", """<a class="x" href="/w/spokes">""")]
    [InlineData("<a\nhref='/'>", "<a\nhref='/w/'>")]
    [InlineData("""<a href="/w/spokes"><a href="/w"><a href="/w?q=1"><a href="/w#x">""", null)]
    [InlineData("""<a href="/wide">""", """<a href="/w/wide">""")]
    [InlineData("""<b hx-get="/x" data-nacl="/a/n.js" data-key="/aB+c=">""", """<b hx-get="/w/x" data-nacl="/w/a/n.js" data-key="/aB+c=">""")]
    [InlineData("""<a href="//else.example"><a href="/\else"><a href="https://x/"><a href="?page=2"><a href="#main">""", null)]
    [InlineData("""<input value="/tokens" placeholder="/x"><p>&quot; href=&quot;/x&quot;</p>""", null)]
    public void The_path_is_put_before_addresses_of_this_hub_and_before_nothing_else(string html, string? with) =>
        Assert.Equal(with ?? html, PublicPath.InHtml(html, "/w"));

    [Fact]
    public async Task Where_there_is_no_path_the_pages_are_written_by_the_framework_alone()
    {
        await using var usual = new TestHub { Settings = { ["Web:PublicUrl"] = "https://hub.example.com" } };
        await usual.InitializeAsync();

        Assert.Equal("MemoryPoolHttpResponseStreamWriterFactory", usual.Get<IHttpResponseStreamWriterFactory>().GetType().Name);
        Assert.IsType<PublicPathPages>(Hub.Get<IHttpResponseStreamWriterFactory>());
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/a")]
    [InlineData("/Settings/sign-in")]
    public async Task A_path_that_is_an_address_of_the_hubs_own_is_refused(string path)
    {
        await using var hub = new TestHub { Settings = { ["Web:PublicUrl"] = $"https://hub.example.com{path}" } };

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(async () => await hub.InitializeAsync());

        Assert.Equal($"Web:PublicUrl: {path} is an address of the hub's own. Take another path, such as /wghub.", refusal.Message);
    }
}

/// <summary>Several tests share it.</summary>
public sealed class PublicPathSite : IAsyncLifetime
{
    internal const string Url = "https://hub.example.com/a/b";

    internal TestHub Hub { get; } = new() { Settings = { ["Web:PublicUrl"] = Url } };

    public ValueTask InitializeAsync() => Hub.InitializeAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
