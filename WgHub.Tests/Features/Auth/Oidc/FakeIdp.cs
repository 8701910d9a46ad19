using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WgHub.Features.Auth.Oidc;

/// <summary>An identity provider on the loopback, over real HTTP. It keeps to the standards until a test tells it to lie.</summary>
internal sealed class FakeIdp : IAsyncDisposable
{
    public const string ClientId = "wghub";
    public const string Secret = "a +secret:%/";

    private readonly ConcurrentDictionary<string, (JsonObject IdToken, string Challenge, string Redirect)> _codes = [];
    private readonly ConcurrentDictionary<string, int> _calls = [];
    private readonly TimeProvider _time;
    private WebApplication? _app;

    private FakeIdp(TimeProvider time) => _time = time;

    public string Issuer { get; private set; } = "";

    public SigningKey Key { get; set; } = SigningKey.NewEc("first");

    /// <summary>In place of the answer at a path.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Answers { get; } = [];

    /// <summary>Changes the discovery document.</summary>
    public Action<JsonObject> Discovery { get; set; } = _ => { };

    /// <summary>Changes what the id token claims.</summary>
    public Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Changes the token endpoint's answer.</summary>
    public Action<JsonObject> Tokens { get; set; } = _ => { };

    /// <summary>What the user info endpoint tells.</summary>
    public JsonObject UserInfo { get; set; } = new() { ["sub"] = "ada-1" };

    /// <summary>How the client proved itself last.</summary>
    public string? Proof { get; private set; }

    public int Calls(string path) => _calls.GetValueOrDefault(path);

    public static async Task<FakeIdp> StartAsync(TimeProvider time)
    {
        var idp = new FakeIdp(time);
        await idp.ListenAsync("http://127.0.0.1:0");
        return idp;
    }

    /// <summary>Does not answer any more, until <see cref="ListenAsync"/> at the same address.</summary>
    public async Task StopAsync()
    {
        await _app!.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    public async Task ListenAsync(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Issuer = _app.Urls.Single();
    }

    /// <summary>Somebody signs in at the address that the hub sent them to.</summary>
    /// <returns>Where the provider sends the browser back to.</returns>
    public string Approve(string authorize)
    {
        var query = HttpUtility.ParseQueryString(new Uri(authorize).Query);
        Assert.Equal(("code", ClientId, "S256"), (query["response_type"], query["client_id"], query["code_challenge_method"]));
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = "ada-1",
            ["aud"] = ClientId,
            ["nonce"] = query["nonce"],
            ["iat"] = now,
            ["exp"] = now + 300,
            ["sid"] = "session 1",
            ["preferred_username"] = "ada",
        };
        if (query["max_age"] is not null)
        {
            claims["auth_time"] = now;
        }

        Claims(claims);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (claims, query["code_challenge"]!, query["redirect_uri"]!);
        return $"{query["redirect_uri"]}?code={code}&state={query["state"]}&iss={Uri.EscapeDataString(Issuer)}";
    }

    public string LogoutToken(Action<JsonObject>? change = null)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 120,
            ["jti"] = Guid.NewGuid().ToString(),
            ["sid"] = "session 1",
            ["sub"] = "ada-1",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        change?.Invoke(claims);
        return Key.Token(claims, new JsonObject { ["alg"] = "ES256", ["kid"] = Key.Id, ["typ"] = "logout+jwt" });
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _calls.AddOrUpdate(path, 1, (_, count) => count + 1);
        return Answers.TryGetValue(path, out var answer) ? answer(context) : path switch
        {
            "/.well-known/openid-configuration" => WriteAsync(context, Document()),
            "/keys" => WriteAsync(context, new() { ["keys"] = new JsonArray(Key.Jwk()) }),
            "/token" => AnswerTokenAsync(context),
            "/userinfo" => WriteAsync(context, (JsonObject)UserInfo.DeepClone()),
            _ => WriteAsync(context, [], HttpStatusCode.NotFound),
        };
    }

    private JsonObject Document()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize?tenant=1",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["end_session_endpoint"] = $"{Issuer}/logout",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post"),
            ["authorization_response_iss_parameter_supported"] = true,
        };
        Discovery(document);
        return document;
    }

    private async Task AnswerTokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(TestContext.Current.CancellationToken);
        Proof = context.Request.Headers.Authorization.ToString() is { Length: > 0 } header
            ? string.Join(" / ", Encoding.ASCII.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':').Select(HttpUtility.UrlDecode))
            : $"{form["client_id"]} + {form["client_secret"]}";
        if (!_codes.TryRemove(form["code"].ToString(), out var known)
            || known.Redirect != form["redirect_uri"]
            || known.Challenge != SigningKey.Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
        {
            await WriteAsync(context, new() { ["error"] = "invalid_grant" }, HttpStatusCode.BadRequest);
            return;
        }

        JsonObject answer = new() { ["access_token"] = "opaque", ["token_type"] = "Bearer", ["id_token"] = Key.Token(known.IdToken) };
        Tokens(answer);
        await WriteAsync(context, answer);
    }

    private static Task WriteAsync(HttpContext context, JsonObject json, HttpStatusCode status = HttpStatusCode.OK)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), TestContext.Current.CancellationToken);
    }
}
