using System.Net;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Over https a browser's cookies can be set by this host alone, and never leave encryption.</summary>
public sealed partial class HttpsCookieTests : HubTest
{
    private const string Password = "correct horse battery";

    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0", "http://127.0.0.1:0"], IsSetUp = false };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.Get<AccountService>().AddAsync("anna", Roles.Admin, Password, Actor.Cli, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("https", "__Host-wghub")]
    [InlineData("http", "wghub")]
    public async Task Every_cookie_is_named_by_the_scheme_they_came_over(string scheme, string name)
    {
        using var browser = new ApiClient(Hub.UrlOf($"{scheme}:")!, null, null, trusted: Hub.Get<Tls.Certificates>().Current!.Leaf);

        var form = (await browser.GetAsync("/signin")).Expect(HttpStatusCode.OK);
        var antiforgery = Assert.Single(form.Headers.GetValues("Set-Cookie"));
        using var typed = new FormUrlEncodedContent(
            [new("Name", "anna"), new("Password", Password),
                new("__RequestVerificationToken", WebUtility.HtmlDecode(HiddenField().Match(form.Body).Groups["value"].Value))]);
        var answer = (await browser.SendAsync(HttpMethod.Post, "/signin", typed, ("Cookie", antiforgery.Split(';')[0]))).Expect(HttpStatusCode.Redirect);
        var (session, known) = answer.Headers.GetValues("Set-Cookie").ToList() is [var first, var second] ? (first, second) : ("", "");

        Assert.StartsWith($"{name}-af=", antiforgery, StringComparison.Ordinal);
        Assert.StartsWith($"{name}=", session, StringComparison.Ordinal);
        Assert.StartsWith($"{name}-known=", known, StringComparison.Ordinal);
        Assert.All([antiforgery, session, known], cookie =>
        {
            var attributes = cookie.ToLowerInvariant().Split("; ")[1..];
            Assert.Equal(scheme == "https", attributes.Contains("secure"));
            Assert.Superset(new HashSet<string> { "path=/", "httponly", cookie == known ? "samesite=strict" : "samesite=lax" }, attributes.ToHashSet());
            Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("domain", StringComparison.Ordinal));
        });
        (await browser.SendAsync(HttpMethod.Get, "/", null, ("Cookie", session.Split(';')[0]))).Expect(HttpStatusCode.OK);
        (await browser.SendAsync(HttpMethod.Get, "/", null, ("Cookie", known.Split(';')[0]))).Expect(HttpStatusCode.Redirect); // it opens nothing
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<value>[^"]+)""")]
    private static partial Regex HiddenField();
}
