using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WgHub.Lab;

/// <param name="Line">What one pastes on a Linux machine.</param>
internal sealed record InstallToken(string Secret, string Line)
{
    public string UninstallLine => LineWith("--uninstall");

    public string LineWith(string options) => Line.Replace("| sudo sh", $"| sudo sh -s -- {options}", StringComparison.Ordinal);
}

internal sealed record RegisteredSpoke(string Id, string Address);

/// <param name="ReceivedBytes">By the hub, in all its life.</param>
internal sealed record ListedSpoke(string Id, string Name, string PublicKey, string Address, string Status, long ReceivedBytes, DateTimeOffset? LastHandshake);

/// <summary>The hub's API, as another program uses it.</summary>
internal sealed class LabApi(HttpClient client) : IDisposable
{
    private const int PageSize = 500;

    /// <summary>The key of a spoke that exists on paper only. Any number of 255 bits will do (RFC 7748).</summary>
    public static string NewPublicKey()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        key[^1] &= 0x7F;
        return Convert.ToBase64String(key);
    }

    /// <param name="endpoint">Where spokes reach the hub.</param>
    public Task InitializeAsync(string endpoint, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, "/api/hub/initialize", new() { ["networkCIDR"] = "10.8.0.0/22", ["publicEndpoint"] = endpoint }, cancel);

    public Task ConfigureAsync(JsonObject change, CancellationToken cancel) => SendAsync(HttpMethod.Put, "/api/hub/config", change, cancel);

    public Task<InstallToken> CreateTokenAsync(string spokeName, CancellationToken cancel) => CreateTokenAsync(spokeName, null, cancel);

    /// <param name="routes">A word, or networks by comma; null for none of its own.</param>
    public async Task<InstallToken> CreateTokenAsync(string spokeName, string? routes, CancellationToken cancel)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/installation/token", new() { ["spokeName"] = spokeName, ["routes"] = routes }, cancel);
        var token = answer.GetProperty("token");
        return new(token.GetProperty("token").GetString()!, token.GetProperty("commands").GetProperty("linux").GetString()!);
    }

    /// <summary>A token that gives this spoke a new key.</summary>
    public async Task<InstallToken> CreateReenrolTokenAsync(string spokeId, CancellationToken cancel)
    {
        var token = (await SendAsync(HttpMethod.Post, $"/api/spoke/{spokeId}/reenrol-token", [], cancel)).GetProperty("token");
        return new(token.GetProperty("token").GetString()!, token.GetProperty("commands").GetProperty("linux").GetString()!);
    }

    /// <summary>One line for all nodes of a Proxmox VE cluster.</summary>
    public async Task<InstallToken> CreateClusterTokenAsync(string site, int nodes, CancellationToken cancel)
    {
        var token =
            (await SendAsync(HttpMethod.Post, "/api/proxmox/cluster-token", new() { ["site"] = site, ["maximumNodes"] = nodes }, cancel)).GetProperty("token");
        return new(token.GetProperty("token").GetString()!, token.GetProperty("command").GetString()!);
    }

    /// <summary>What the install script sends from a Proxmox VE node.</summary>
    public Task RegisterNodeAsync(string token, string members, CancellationToken cancel) => SendAsync(
        HttpMethod.Post,
        "/api/spoke/register",
        new()
        {
            ["token"] = token,
            ["publicKey"] = NewPublicKey(),
            ["os"] = "linux",
            ["isProxmox"] = true,
            ["proxmoxVersion"] = "8.3.3",
            ["proxmoxMembers"] = members
        },
        cancel);

    /// <summary>What the install script sends.</summary>
    public async Task<RegisteredSpoke> RegisterAsync(string token, string publicKey, CancellationToken cancel)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/spoke/register", new() { ["token"] = token, ["publicKey"] = publicKey, ["os"] = "linux" }, cancel);
        var spoke = answer.GetProperty("spoke");
        return new(spoke.GetProperty("id").GetString()!, spoke.GetProperty("allowedIPs")[0].GetString()!);
    }

    public Task ChangeSpokeAsync(string id, JsonObject change, CancellationToken cancel) => SendAsync(HttpMethod.Patch, $"/api/spoke/{id}", change, cancel);

    public Task RemoveSpokeAsync(string id, CancellationToken cancel) => SendAsync(HttpMethod.Delete, $"/api/spoke/{id}", null, cancel);

    public async Task<ListedSpoke> FindSpokeAsync(string name, CancellationToken cancel) =>
        (await ListSpokesAsync(cancel)).Single(spoke => spoke.Name == name);

    public async Task<IReadOnlyList<ListedSpoke>> ListSpokesAsync(CancellationToken cancel)
    {
        List<ListedSpoke> spokes = [];
        for (var page = 1; ; page++)
        {
            var answer = await GetAsync($"/api/spoke/list?page={page}&pageSize={PageSize}", cancel);
            spokes.AddRange(answer.GetProperty("spokes").EnumerateArray().Select(Read));
            if (page * PageSize >= answer.GetProperty("total").GetInt32())
            {
                return spokes;
            }
        }
    }

    public Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, body, cancel);

    public Task<JsonElement> PutAsync(string path, JsonObject body, CancellationToken cancel) => SendAsync(HttpMethod.Put, path, body, cancel);

    public Task<JsonElement> PatchAsync(string path, JsonObject body, CancellationToken cancel) => SendAsync(HttpMethod.Patch, path, body, cancel);

    public Task DeleteAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Delete, path, null, cancel);

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, cancel);

    public void Dispose() => client.Dispose();

    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="InvalidOperationException">The hub said no.</exception>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await client.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode}\n{text}");
    }

    private static ListedSpoke Read(JsonElement spoke) => new(
        spoke.GetProperty("id").GetString()!,
        spoke.GetProperty("name").GetString()!,
        spoke.GetProperty("publicKey").GetString()!,
        spoke.GetProperty("allowedIPs")[0].GetString()!,
        spoke.GetProperty("status").GetString()!,
        spoke.GetProperty("transferRx").GetInt64(),
        spoke.GetProperty("lastHandshake").ValueKind == JsonValueKind.Null ? null : spoke.GetProperty("lastHandshake").GetDateTimeOffset());
}
