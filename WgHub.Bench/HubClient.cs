using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.Bench;

/// <summary>What a bench asks of the hub, by the client of its API. Calls one after the other share a connection that stays open.</summary>
internal sealed class HubClient(Uri hub, Secret? apiToken) : IDisposable
{
    private readonly ApiCaller _api = new(new(hub), apiToken);

    public Task InitializeAsync() => PostAsync("/api/hub/initialize", """{"networkCIDR":"10.64.0.0/16","publicEndpoint":"192.0.2.1"}""");

    /// <summary>Makes a hub of a conf file of wg-quick, with all its peers.</summary>
    public async Task ImportAsync(string conf)
    {
        using var plan = JsonDocument.Parse(await PlanAsync(conf));
        await PostAsync("/api/import/apply", ImportOf(conf, plan.RootElement.GetProperty("plan").GetString()));
    }

    /// <summary>Looks such a file through, and changes nothing.</summary>
    public Task<byte[]> PlanAsync(string conf) => PostAsync("/api/import/plan", ImportOf(conf, null));

    public async Task<NewToken> CreateTokenAsync(string name) => NewToken.From(await CreateTokenRawAsync(name));

    /// <summary>The same without reading the answer: what a bench times.</summary>
    public Task<byte[]> CreateTokenRawAsync(string name) => PostAsync("/api/installation/token", $$"""{"spokeName":"{{name}}"}""");

    public Task<byte[]> RegisterAsync(NewToken token) =>
        PostAsync("/api/spoke/register", $$"""{"token":"{{token.Secret}}","publicKey":"{{NewKey()}}","os":"linux"}""");

    public Task<byte[]> RenameAsync(string spokeId, string name) => SendAsync(HttpMethod.Patch, $"/api/spoke/{spokeId}", $$"""{"name":"{{name}}"}""");

    public Task<byte[]> SetExpiryAsync(string spokeId, string time) => SendAsync(HttpMethod.Patch, $"/api/spoke/{spokeId}", $$"""{"expiresAt":"{{time}}"}""");

    public Task<byte[]> RemoveAsync(string spokeId) => SendAsync(HttpMethod.Delete, $"/api/spoke/{spokeId}", null);

    public Task<byte[]> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public void Dispose() => _api.Dispose();

    private static string ImportOf(string conf, string? plan) =>
        $$"""{"files":["{{Convert.ToBase64String(Encoding.UTF8.GetBytes(conf))}}"],"hub":{"publicEndpoint":"192.0.2.1"},"plan":"{{plan}}"}""";

    /// <summary>A public key that nobody has the private one of.</summary>
    public static string NewKey()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        key[31] &= 0x7f; // Curve25519 has no such bit, RFC 7748
        return Convert.ToBase64String(key);
    }

    private Task<byte[]> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    private Task<byte[]> SendAsync(HttpMethod method, string path, string? body) =>
        _api.SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), CancellationToken.None);
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
