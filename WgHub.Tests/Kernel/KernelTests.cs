namespace WgHub.Kernel;

/// <summary>The published hub and a spoke on the kernel's own WireGuard. What they go through is in hub.sh.</summary>
[Trait("Kind", "Kernel")]
[Collection(nameof(KernelMachine))]
public sealed class KernelTests(HubOnKernel machine) : IClassFixture<HubOnKernel>
{
    [Fact]
    public void A_spoke_that_pastes_its_line_is_answered_through_the_tunnel() => machine.Passed("join");

    [Fact]
    public void A_restart_of_the_hub_loses_no_echo() => machine.Passed("restart");

    [Fact]
    public void A_kill_of_the_hub_loses_no_echo() => machine.Passed("kill_hub");

    [Fact]
    public void A_peer_that_was_removed_by_hand_comes_back() => machine.Passed("removed_peer");

    [Fact]
    public void An_interface_that_was_deleted_is_made_anew_and_its_spoke_is_answered_at_once() => machine.Passed("deleted_interface");

    [Fact]
    public void A_spoke_gets_a_new_key() => machine.Passed("rotated_spoke");

    [Fact]
    public void The_hub_gets_a_new_key_and_a_spoke_comes_back_by_its_line() => machine.Passed("rotated_hub");

    [Fact]
    public void Wg_quick_boots_the_tunnels_without_the_hub_which_then_takes_them_over_and_loses_no_echo() => machine.Passed("without_hub");

    [Fact]
    public void A_thousand_peers_are_live() => machine.Passed("thousand_peers");
}

/// <summary>Booted once for all of them.</summary>
public sealed class HubOnKernel() : KernelMachine("hub.sh");
