using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WgHub.TestKit;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A browser of its own: it keeps the hub's cookies, and shows each step instead of following it.</summary>
internal sealed partial class OidcBrowser(TestHub hub) : IDisposable
{
    private readonly CookieContainer _cookies = new();

    private HttpClient? _http;

    private HttpClient Http => _http ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = new(hub.Url) };

    /// <summary>Presses the provider's button on the sign-in page.</summary>
    /// <returns>Where it leads: to the provider, or to a page of the hub's.</returns>
    public async Task<string> StartAsync(string? returnUrl = null) => LeadsTo(await StartRawAsync(returnUrl));

    /// <summary>Sends a form of a page.</summary>
    /// <returns>Where it leads: to the provider, or to a page of the hub's.</returns>
    public async Task<string> PressAsync(string page, string action, params (string Name, string Value)[] form) =>
        LeadsTo(await PostAsync(action, [("__RequestVerificationToken", await FormTokenAsync(page)), .. form]));

    public async Task<Answer> StartRawAsync(string? returnUrl = null) =>
        await PostAsync(OidcEndpoints.StartPath, ("__RequestVerificationToken", await FormTokenAsync("/signin")), ("returnUrl", returnUrl ?? "/account"));

    /// <summary>The hidden field of a page's form.</summary>
    public async Task<string> FormTokenAsync(string page) => Field().Match((await GetAsync(page)).Expect(HttpStatusCode.OK).Body).Groups["value"].Value;

    public async Task<Answer> GetAsync(string url) => await ReadAsync(await Http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute), Cancel));

    public async Task<Answer> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await ReadAsync(await Http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel));
    }

    /// <summary>Where the browser is led to.</summary>
    public async Task<string?> WhereToAsync(string url) => (await GetAsync(url)).Headers.Location?.OriginalString;

    public Task<bool> IsSignedInAsync() => IsOpenAsync("/api/spoke/list");

    public async Task<bool> IsOpenAsync(string api) => (await GetAsync(api)).Status == HttpStatusCode.OK;

    public string? Cookie(string name) => _cookies.GetCookies(new(hub.Url))[name]?.Value;

    public void SetCookie(string name, string value) => _cookies.Add(new Uri(hub.Url), new Cookie(name, value));

    /// <summary>What a page of the hub does that sends its signed-in visitor to the provider.</summary>
    public async Task<string> ChallengeAsync(OidcPurpose purpose, string returnUrl)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Scheme = "http";
        context.Request.Host = new(new Uri(hub.Url).Authority);
        context.Request.Headers.Cookie = $"wghub={Cookie("wghub")}";
        context.Request.Headers["HX-Request"] = "true";
        context.User = (await context.AuthenticateAsync()).Principal ?? context.User;
        await hub.Get<OidcChallenge>().StartAsync(context, purpose, returnUrl);
        foreach (var cookie in context.Response.Headers.SetCookie)
        {
            _cookies.SetCookies(new(hub.Url), cookie!);
        }

        return context.Response.Headers["HX-Redirect"].ToString();
    }

    public void Dispose() => _http?.Dispose();

    private static string LeadsTo(Answer answer) =>
        answer.Headers.Location?.OriginalString ?? Leave().Match(answer.Expect(HttpStatusCode.OK).Body) switch
        {
            { Success: true } match => WebUtility.HtmlDecode(match.Groups["url"].Value),
            _ => throw new InvalidOperationException(answer.Body),
        };

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(Cancel),
                response.Headers, response.Content.Headers);
        }
    }

    [GeneratedRegex("""content="0;url=(?<url>[^"]+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Leave();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<value>[^"]+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Field();
}
