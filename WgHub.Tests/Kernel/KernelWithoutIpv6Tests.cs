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
}

/// <summary>Booted once for all of them.</summary>
public sealed class HubWithoutIpv6() : KernelMachine("without-ipv6.sh", "ipv6.disable=1");
