using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Features.Clusters;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A call with a body that is good.</summary>
internal sealed record BadInputTarget(TestHub Hub, ApiClient Caller, HttpMethod Method, string Path, JsonObject Body)
{
    public Task<Answer> SendAsync(string body) => Caller.SendTextAsync(Method, Path, body);
}

/// <summary>A hub before its set-up, and one behind it.</summary>
public sealed class BadInputHubs : IAsyncLifetime
{
    private readonly TestHub _bare = new() { IsSetUp = false };

    internal TestHub Ready { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await _bare.InitializeAsync();
        await Ready.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bare.DisposeAsync();
        await Ready.DisposeAsync();
    }

    internal async Task<BadInputTarget> TargetAsync(string call)
    {
        switch (call)
        {
            case "initialize":
                return new(_bare, _bare.Admin, HttpMethod.Post, "/api/hub/initialize", ToJson(_bare.SetUp));
            case "config":
                return new(
                    Ready, Ready.Admin, HttpMethod.Put, "/api/hub/config", ToJson(new { networkCIDR = Ready.Network, publicEndpoint = "vpn.example.com" }));
            case "token":
                return new(Ready, Ready.Operator, HttpMethod.Post, "/api/installation/token", ToJson(new { spokeName = Enrolling.NewName() }));
            case "cluster token":
                return new(Ready, Ready.Operator, HttpMethod.Post, "/api/proxmox/cluster-token", ToJson(new { site = "berlin" }));
            case "cluster":
                await Ready.EnrolNodeAsync("pve1", "homelab", "pve1");
                return new(
                    Ready, Ready.Operator, HttpMethod.Patch, $"/api/proxmox/clusters/{(await Ready.ClustersAsync("homelab"))[0].Id}",
                    ToJson(new { description = "good" }));
            case "register":
                var (_, token, _) = await Ready.TokenAsync();
                return new(Ready, Ready.Nobody, HttpMethod.Post, "/api/spoke/register", ToJson(new { token, publicKey = Wg.NewKey(), os = "linux" }));
        }

        var spoke = await Ready.EnrolAsync();
        return call == "unregister"
            ? new(Ready, Ready.Nobody, HttpMethod.Post, "/api/spoke/unregister", ToJson(new { token = spoke.Token, publicKey = spoke.Key }))
            : new(Ready, Ready.Operator, HttpMethod.Patch, $"/api/spoke/{spoke.Id}", ToJson(new { notes = "good" }));
    }

    private static JsonObject ToJson(object body) => JsonSerializer.SerializeToNode(body)!.AsObject();
}
