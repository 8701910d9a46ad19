using WgHub.Cli;
using WgHub.TestKit;

namespace WgHub.Kernel;

/// <summary>The same on a kernel that was started without IPv6. What they go through is in without-ipv6.sh.</summary>
[Trait("Kind", "Kernel")]
[Collection(nameof(KernelMachine))]
public sealed class KernelWithoutIpv6Tests(HubWithoutIpv6 machine) : IClassFixture<HubWithoutIpv6>
{
    [Fact]
    public void A_network_with_IPv6_is_refused_with_the_reason_and_one_without_is_served() => machine.Passed("join");

    [Fact]
    public void Wg_quick_boots_its_tunnels_without_the_hub() => machine.Passed("without_hub");

    [Fact]
    public void A_hub_that_had_both_families_goes_on_with_the_other_and_says_so() => machine.Passed("had_both");
}

/// <summary>Booted once for all of them.</summary>
public sealed class HubWithoutIpv6() : KernelMachine("without-ipv6.sh", "ipv6.disable=1")
{
    /// <summary>The data of a hub with both families, made here, where there is IPv6.</summary>
    private protected override async Task PrepareAsync(string folder)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")); // the machine has it from here on
        var wghub = new Wghub(data);
        var secret = (await wghub.RunAsync("api-token", "create", "--name", "job", "--role", "admin")).OrThrow().Trim();
        await using var hub = await RunningHub.StartAsync(wghub, "wgboth");
        using var admin = new ApiClient(hub.Address, secret);
        var key = await admin.SetUpWithSpokeAsync(
            new { networkCIDR = "10.96.0.0/24", networkCIDRv6 = "fd96::/64", listenPort = 29995, publicEndpoint = "vpn.example.com" });
        await File.WriteAllTextAsync(Path.Combine(folder, "secret"), secret, Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "peer"), $"{key}\n", Cancel);
        Assert.Equal(0, await hub.StopAsync());
    }
}
