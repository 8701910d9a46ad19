using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>What a page answered.</summary>
internal sealed record PasskeyPage(HttpStatusCode Status, string Body, string? Location);

/// <summary>A browser that opens the hub by a host name, as passkeys want it, and sends what the page's script would send.</summary>
internal sealed partial class PasskeyBrowser : IDisposable
{
    private readonly HttpClient _http;

    public PasskeyBrowser(TestHub hub, string host = "localhost")
    {
        _http =
            new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = new UriBuilder(hub.Url) { Host = host }.Uri };
        Device = new(Origin);
    }

    public CookieContainer Cookies { get; } = new();

    public string Origin => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public SoftAuthenticator Device { get; }

    public bool IsSignedIn => Cookies.GetCookies(_http.BaseAddress!)["wghub"] is not null;

    /// <summary>Comes in by a session that began just now.</summary>
    public async Task SignInAsync(TestHub hub, User user) =>
        Cookies.Add(
            _http.BaseAddress!, new Cookie("wghub", (await hub.Get<SignIns>().BeginAsync(user, SignInWay.Password, TestHub.Browser, null, Cancel)).Reveal()));

    public void SignOut() => Cookies.GetCookies(_http.BaseAddress!)["wghub"]!.Expired = true;

    public async Task<PasskeyPage> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return await ReadAsync(answer);
    }

    public async Task<PasskeyPage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = await GetAsync(IsSignedIn ? "/confirm" : "/signin/passkey");
        using var body =
            new FormUrlEncodedContent(
                [KeyValuePair.Create("__RequestVerificationToken", Token().Match(form.Body).Groups[1].Value),
                    .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), body, Cancel);
        return await ReadAsync(answer);
    }

    /// <returns>The options for the device.</returns>
    public async Task<JsonElement> AskAsync(string path, params (string Name, string Value)[] fields)
    {
        var answer = await PostAsync($"{path}?handler=Options", fields);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status} {answer.Location}: {answer.Body}");
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    /// <summary>Adds the device's passkey to the account that is signed in.</summary>
    public async Task<PasskeyPage> AddAsync(string name = "Phone") =>
        await PostAsync("/account/passkeys", ("name", name), ("answer", Device.Make(await AskAsync("/account/passkeys", ("name", name)))));

    public async Task<PasskeyPage> SignInByPasskeyAsync() => await PostAsync("/signin/passkey", ("answer", Device.Use(await AskAsync("/signin/passkey"))));

    public async Task<PasskeyPage> ConfirmAsync() => await PostAsync("/confirm/passkey", ("answer", Device.Use(await AskAsync("/confirm/passkey"))));

    public void Dispose()
    {
        Device.Dispose();
        _http.Dispose();
    }

    private static async Task<PasskeyPage> ReadAsync(HttpResponseMessage answer) =>
        new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.Location?.OriginalString);

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
