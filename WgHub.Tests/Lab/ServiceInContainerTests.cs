using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The hub in an unprivileged container, where root is nobody outside: what wghub-lxc.sh makes on Proxmox VE.</summary>
[Trait("Kind", "Lab")]
public sealed class ServiceInContainerTests : InstalledHubTest
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>First with a device that is root's alone, as a node may have it: the doctor says which line mends that, and with it all is well.</summary>
    [Fact]
    public async Task It_boots_serves_and_has_tunnels_as_soon_as_everybody_in_it_may_use_tun()
    {
        var machines = await Task.WhenAll(
            Lab.BootAsync("ct", SpokeKind.Tools, ContainerKind.Unprivileged, Cancel), Lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
        var (hub, spoke) = (new InstalledHub(Lab, machines[0]), machines[1]);
        hub.Machine.SetTunMode(Owner);
        await hub.Machine.CopyInAsync(LabHub.Binary, InstalledHub.File, Cancel);
        await hub.DoAsync("apt-get -q update; apt-get -qy --no-install-recommends install nftables");

        Assert.Contains("pct set ID --dev0 /dev/net/tun,mode=0666", await hub.DoAsync(InstalledHub.Install), StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Machine.PasteAsync("wghub doctor", Cancel)).ExitCode);
        using var api = await hub.OpenAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.InitializeAsync(hub.Machine.Address, Cancel));

        hub.Machine.SetTunMode(Everybody);
        await api.InitializeAsync(hub.Machine.Address, Cancel);
        (await spoke.PasteAsync((await api.CreateTokenAsync("oslo", Cancel)).Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.DoesNotContain("FAIL", (await hub.Machine.PasteAsync("wghub doctor", Cancel)).Output, StringComparison.Ordinal);
        Assert.Contains("iif wg0", await hub.DoAsync("nft list table inet wghub_wg0 | grep -q 'chain pre' && ip rule"), StringComparison.Ordinal);

        // What a container on the node sees after its own reboot.
        await hub.Machine.PowerOffAsync(Cancel);
        await hub.Machine.PowerOnAsync(Cancel);
        await hub.IsReadyAsync();
        Assert.True(await Eventually.TrueAsync(() => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), Limit, Cancel));
    }
}
