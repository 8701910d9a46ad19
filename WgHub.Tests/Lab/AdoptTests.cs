using System.Text;
using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What people use today becomes a hub, and they do not notice.</summary>
[Trait("Kind", "Lab")]
public sealed class AdoptTests : IAsyncLifetime
{
    private static readonly string[] Names = ["anna", "berta", "carla"];

    private readonly List<LabClient> _clients = [];
    private readonly List<ContinuousPing> _pings = [];
    private LabNet? _net;

    private LabNet Net => _net!;

    public async ValueTask InitializeAsync() => _net = await LabNet.CreateAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        _pings.ForEach(ping => ping.Dispose());
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        await Net.DisposeAsync();
    }

    [Fact]
    public async Task No_tunnel_of_a_wg_quick_notices_that_a_hub_took_it_over()
    {
        var (secret, key) = await KeysAsync();
        var conf = new StringBuilder($"[Interface]\nPrivateKey = {secret}\nAddress = 10.8.0.1/24\nListenPort = 51820\nPostUp = true\n");
        foreach (var name in Names)
        {
            var shared = name == "berta" ? $"PresharedKey = {(await Wg.RunAsync("wg genpsk")).Trim()}\n" : "";
            conf.Append($"\n### Client {name}\n[Peer]\nPublicKey = {await ConnectAsync(key, shared)}\n{shared}AllowedIPs = 10.8.0.{_clients.Count + 1}/32\n");
        }

        await File.WriteAllTextAsync(Path.Combine(Net.ConfigFolder, "wg0.conf"), conf.ToString(), Cancel);
        (await Net.RunAsync(["wg-quick", "up", "wg0"], Cancel)).OrThrow();
        var hub = await Net.StartHubAsync(new Dictionary<string, string> { ["WireGuard__SampleSeconds"] = "1" }, Cancel);
        using var api = await hub.SignInAsync("admin", Cancel);
        _pings.AddRange(_clients.Select(client => client.StartPing(LabSite.HubTunnelAddress)));
        await AnswerAsync();
        var before = await HandshakesAsync();

        await ImportAsync(api, new() { ["running"] = true });
        await AnswerAsync();
        Assert.Equal(before, await HandshakesAsync());
        Assert.Equal(0, await hub.StopAsync(Cancel));
        await hub.StartAsync(Cancel);
        await AnswerAsync();

        var spokes = await api.ListSpokesAsync(Cancel);
        Assert.Equal(Names, spokes.Select(spoke => spoke.Name));
        Assert.All(spokes, spoke => Assert.Equal("active", spoke.Status));
        await NoDriftAsync(api);

        await api.RemoveSpokeAsync(spokes[2].Id, Cancel);
        _pings[2].Dispose();
        _pings.RemoveAt(2);
        await AnswerAsync();
        Assert.False((await HandshakesAsync()).ContainsKey(spokes[2].PublicKey));
        Assert.All(await Task.WhenAll(_pings.Select(ping => ping.StopAsync(Cancel))), Assert.Empty);
    }

    [Fact]
    public async Task A_client_of_wg_easy_connects_to_the_hub_that_took_its_place()
    {
        var (secret, key) = await KeysAsync();
        var shared = (await Wg.RunAsync("wg genpsk")).Trim();
        var client = await ConnectAsync(key, $"PresharedKey = {shared}\n");
        var export = new JsonObject
        {
            ["server"] = new JsonObject { ["privateKey"] = secret, ["publicKey"] = key, ["address"] = LabSite.HubTunnelAddress },
            ["clients"] = new JsonObject
            {
                ["one"] =
                    new JsonObject
                    {
                        ["name"] = "Anna's phone",
                        ["address"] = "10.8.0.2",
                        ["privateKey"] = "",
                        ["publicKey"] = client,
                        ["preSharedKey"] = shared,
                        ["enabled"] = true
                    },
            },
        };
        var hub = await Net.StartHubAsync(new Dictionary<string, string> { ["WireGuard__SampleSeconds"] = "1" }, Cancel);
        using var api = await hub.SignInAsync("admin", Cancel);

        await ImportAsync(api, new() { ["files"] = new JsonArray(Convert.ToBase64String(Encoding.UTF8.GetBytes(export.ToJsonString()))) });

        _pings.Add(_clients[0].StartPing(LabSite.HubTunnelAddress));
        await AnswerAsync();
        Assert.Equal(["Anna-s-phone"], (await api.ListSpokesAsync(Cancel)).Select(spoke => spoke.Name));
        await NoDriftAsync(api);
    }

    private static async Task ImportAsync(LabApi api, JsonObject source)
    {
        source["hub"] = new JsonObject { ["publicEndpoint"] = LabNet.ServerAddress };
        var plan = await api.PostAsync("/api/import/plan", source, Cancel);
        source["plan"] = plan.GetProperty("plan").GetString();
        await api.PostAsync("/api/import/apply", source, Cancel);
    }

    private static async Task NoDriftAsync(LabApi api)
    {
        var drift = (await api.GetAsync("/api/hub/status", Cancel)).GetProperty("drift");
        Assert.Equal((0, 0, 0), (Number("missing"), Number("unknown"), Number("changed")));
        Assert.Empty((await api.GetAsync("/api/audit?event=drift.mended", Cancel)).GetProperty("entries").EnumerateArray());

        int Number(string name) => drift.GetProperty(name).GetInt32();
    }

    /// <summary>A machine at the next address that calls a hub with this key.</summary>
    /// <returns>Its public key.</returns>
    private async Task<string> ConnectAsync(string hubKey, string shared)
    {
        var (secret, key) = await KeysAsync();
        var client = await LabClient.PlugInAsync(Net, _clients.Count + 1, Cancel);
        _clients.Add(client);
        await client.ConnectAsync(
            $"10.8.0.{_clients.Count + 1}/24", $"[Interface]\nPrivateKey = {secret}\n[Peer]\nPublicKey = {hubKey}\n{shared}Endpoint = {LabNet.ServerAddress}:51820\nAllowedIPs = 10.8.0.0/24\n", Cancel);
        return key;
    }

    private static async Task<(string Secret, string Key)> KeysAsync()
    {
        var secret = (await Wg.RunAsync("wg genkey")).Trim();
        return (secret, (await Shell.RunAsync(["wg", "pubkey"], secret, Cancel)).OrThrow().Trim());
    }

    private Task AnswerAsync() => Task.WhenAll(_pings.Select(ping => ping.AnswersAsync(20, Cancel)));

    private async Task<IReadOnlyDictionary<string, string>> HandshakesAsync() =>
        (await Net.RunAsync(["wg", "show", "wg0", "latest-handshakes"], Cancel)).OrThrow()
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .ToDictionary(columns => columns[0], columns => columns[1]);
}
