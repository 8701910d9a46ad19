using System.Net;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Networks;

/// <summary>What an import brings behind its peers are networks as any other.</summary>
[Collection(nameof(MachineRoutes))]
public sealed class ImportedNetworkTests : HubTest
{
    [Fact]
    public async Task They_are_rows_with_names_and_nobody_gets_them_a_second_time()
    {
        var key = Wg.NewKey();
        var files = Conf($"{Hub.Address(9)}/32, 10.77.0.0/16, 10.78.0.0/24, fd77::/48", key);
        await ApplyAsync(files);

        var networks = Hub.Get<NetworkStore>().All(Hub.Database.OwnHub);
        Assert.Equal(
            ["anna-10.77.0.0-16 behind anna", "anna-10.78.0.0-24 behind anna", "anna-fd77---48 behind anna"],
            networks.Select(network => $"{network.Name} behind {network.Active!.Name}"));
        Assert.All(networks, network => Assert.False(network.Masquerade)); // whatever made that peer a gateway goes on
        var allowed = (await Wg.PeersAsync(Hub.Interface))[key].Split(' ').Where(one => !one.EndsWith("/32", StringComparison.Ordinal));
        Assert.Equal(["10.77.0.0/16", "10.78.0.0/24", "fd77::/48"], allowed.Order());

        var other = await Hub.EnrolAsync();
        (await Hub.Operator.PostAsync("/api/networks", new { name = "mine", cidr = "10.77.5.0/24", via = other.Id }))
            .Expect(HttpStatusCode.Conflict, "NETWORK_OVERLAP");
        (await Hub.Operator.PatchAsync($"/api/networks/{networks[0].Id}", new { name = "office" })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_network_of_the_hubs_own_keeps_a_peer_with_the_same_one_out()
    {
        (await Hub.Operator.PostAsync("/api/networks", new { name = "lan", cidr = "10.77.0.0/16", via = "hub" })).Expect(HttpStatusCode.Created);

        var files = Conf($"{Hub.Address(9)}/32, 10.77.4.0/24", Wg.NewKey());
        var plan = (await Hub.Admin.PostAsync("/api/import/plan", new { files })).Expect(HttpStatusCode.OK);

        Assert.Contains("overlaps one that is taken", plan.Body, StringComparison.Ordinal);
        Assert.Equal("0", plan.Text("added"));
    }

    private async Task ApplyAsync(string[] files)
    {
        var plan = (await Hub.Admin.PostAsync("/api/import/plan", new { files })).Expect(HttpStatusCode.OK);
        (await Hub.Admin.PostAsync("/api/import/apply", new { files, plan = plan.Text("plan") })).Expect(HttpStatusCode.OK);
    }

    private static string[] Conf(string allowed, string key) =>
        [Convert.ToBase64String(Encoding.ASCII.GetBytes($"[Peer] # anna\nPublicKey = {key}\nAllowedIPs = {allowed}\n"))];
}
