using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WgHub.Bench;

/// <summary>A program that uses the hub's API. Calls one after the other share a connection that stays open.</summary>
internal sealed class HubClient : IDisposable
{
    private readonly SocketsHttpHandler _connections = new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
    private readonly HttpClient _http;

    public HubClient(Uri hub, string? apiToken)
    {
        _http = new(_connections) { BaseAddress = hub };
        _http.DefaultRequestHeaders.Authorization = apiToken is null ? null : new("Bearer", apiToken);
    }

    public Task InitializeAsync() => PostAsync("/api/hub/initialize", """{"networkCIDR":"10.64.0.0/16","publicEndpoint":"192.0.2.1"}""");

    /// <summary>Makes a hub of a conf file of wg-quick, with all its peers.</summary>
    public async Task ImportAsync(string conf)
    {
        var file = Convert.ToBase64String(Encoding.UTF8.GetBytes(conf));
        using var plan = JsonDocument.Parse(await PostAsync("/api/import/plan", ImportOf(file, null)));
        await PostAsync("/api/import/apply", ImportOf(file, plan.RootElement.GetProperty("plan").GetString()));
    }

    public async Task<NewToken> CreateTokenAsync(string name) => NewToken.From(await CreateTokenRawAsync(name));

    /// <summary>The same without reading the answer: what a bench times.</summary>
    public Task<byte[]> CreateTokenRawAsync(string name) => PostAsync("/api/installation/token", $$"""{"spokeName":"{{name}}"}""");

    public Task<byte[]> RegisterAsync(NewToken token) =>
        PostAsync("/api/spoke/register", $$"""{"token":"{{token.Secret}}","publicKey":"{{NewKey()}}","os":"linux"}""");

    public Task<byte[]> RenameAsync(string spokeId, string name) => SendAsync(HttpMethod.Patch, $"/api/spoke/{spokeId}", $$"""{"name":"{{name}}"}""");

    public Task<byte[]> SetExpiryAsync(string spokeId, string time) => SendAsync(HttpMethod.Patch, $"/api/spoke/{spokeId}", $$"""{"expiresAt":"{{time}}"}""");

    public Task<byte[]> RemoveAsync(string spokeId) => SendAsync(HttpMethod.Delete, $"/api/spoke/{spokeId}", null);

    public Task<byte[]> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public void Dispose()
    {
        _http.Dispose();
        _connections.Dispose();
    }

    private static string ImportOf(string file, string? plan) => $$"""{"files":["{{file}}"],"hub":{"publicEndpoint":"192.0.2.1"},"plan":"{{plan}}"}""";

    /// <summary>A public key that nobody has the private one of.</summary>
    private static string NewKey()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        key[31] &= 0x7f; // Curve25519 has no such bit, RFC 7748
        return Convert.ToBase64String(key);
    }

    private Task<byte[]> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    private async Task<byte[]> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await _http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? answer
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
    }
}

/// <summary>What the answer of a new token tells: the right to register one spoke, whose id is known already.</summary>
internal sealed record NewToken(string Secret, string SpokeId)
{
    public static NewToken From(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        var token = json.RootElement.GetProperty("token");
        return new(token.GetProperty("token").GetString()!, token.GetProperty("spokeId").GetString()!);
    }
}
