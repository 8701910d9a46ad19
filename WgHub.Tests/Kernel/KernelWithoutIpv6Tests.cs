namespace WgHub.Kernel;

/// <summary>The same on a kernel that was started without IPv6. What they go through is in without-ipv6.sh.</summary>
[Trait("Kind", "Kernel")]
[Collection(nameof(KernelMachine))]
public sealed class KernelWithoutIpv6Tests(KernelWithoutIpv6Tests.Booted machine) : IClassFixture<KernelWithoutIpv6Tests.Booted>
{
    public sealed class Booted() : KernelMachine("without-ipv6.sh", "ipv6.disable=1");

    [Fact]
    public void A_network_with_IPv6_is_refused_with_the_reason_and_one_without_is_served() => machine.Passed("join");

    [Fact]
    public void Wg_quick_boots_its_tunnels_without_the_hub() => machine.Passed("without_hub");
}
