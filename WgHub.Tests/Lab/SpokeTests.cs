namespace WgHub.Lab;

/// <summary>A spoke's life after its installation.</summary>
[Trait("Kind", "Lab")]
public sealed class SpokeTests(LabSite site) : IClassFixture<LabSite>
{
    [Fact]
    public async Task A_tunnel_comes_back_by_itself_after_a_power_cycle()
    {
        var spoke = await site.ConnectAsync("oslo", Cancel);

        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task A_wg0_of_somebody_else_is_left_alone()
    {
        var spoke = await site.Net.BootAsync("turin", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("turin", Cancel);
        var foreign = $"[Interface]\nPrivateKey = {(await spoke.RunAsync(["wg", "genkey"], Cancel)).OrThrow()}Address = 192.168.99.1/24\nListenPort = 51999\n";
        await spoke.WriteFileAsync("/etc/wireguard/wg0.conf", foreign, Cancel);
        (await spoke.RunAsync(["systemctl", "enable", "--now", "wg-quick@wg0"], Cancel)).OrThrow();
        var before = (await spoke.RunAsync(["ip", "address", "show", "wg0"], Cancel)).OrThrow();

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg1", Cancel));
        (await spoke.PasteAsync(token.UninstallLine, Cancel)).OrThrow();

        Assert.NotEqual(0, (await spoke.RunAsync(["ip", "link", "show", "wg1"], Cancel)).ExitCode);
        Assert.Equal(foreign, await spoke.ReadFileAsync("/etc/wireguard/wg0.conf", Cancel));
        Assert.Equal(before, (await spoke.RunAsync(["ip", "address", "show", "wg0"], Cancel)).OrThrow());
        Assert.Equal("active\nenabled\n", (await spoke.PasteAsync("systemctl is-active wg-quick@wg0; systemctl is-enabled wg-quick@wg0", Cancel)).OrThrow());
    }

    [Fact]
    public async Task A_spoke_that_uninstalls_is_gone_here_and_at_the_hub()
    {
        var spoke = await site.Net.BootAsync("lyon", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("lyon", Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        var listed = await site.Api.FindSpokeAsync("lyon", Cancel);
        Assert.Contains(listed.PublicKey, await site.LivePeersAsync(Cancel));

        (await spoke.PasteAsync(token.UninstallLine, Cancel)).OrThrow();

        Assert.NotEqual(0, (await spoke.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);
        Assert.NotEqual(0, (await spoke.RunAsync(["test", "-e", "/etc/wireguard/wg0.conf"], Cancel)).ExitCode);
        Assert.NotEqual("enabled\n", (await spoke.RunAsync(["systemctl", "is-enabled", "wg-quick@wg0"], Cancel)).Output);
        Assert.DoesNotContain(await site.Api.ListSpokesAsync(Cancel), one => one.Id == listed.Id);
        Assert.DoesNotContain(listed.PublicKey, await site.LivePeersAsync(Cancel));

        // Its name, key and address are free: it may come back with another token, and the smallest free address is given next.
        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("lyon", Cancel)).Line, Cancel)).OrThrow();
        var returned = await site.Api.FindSpokeAsync("lyon", Cancel);
        Assert.Equal((listed.PublicKey, listed.Address), (returned.PublicKey, returned.Address));
    }

    [Fact]
    public async Task A_spoke_that_is_enrolled_anew_keeps_its_address_and_gets_a_new_key()
    {
        var spoke = await site.ConnectAsync("tromso", Cancel);
        var before = await site.Api.FindSpokeAsync("tromso", Cancel);
        var token = await site.Api.CreateReenrolTokenAsync(before.Id, Cancel);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel)); // the old key is good until the new one is there

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();

        var after = await site.Api.FindSpokeAsync("tromso", Cancel);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal((before.Id, before.Address), (after.Id, after.Address));
        Assert.NotEqual(before.PublicKey, after.PublicKey);
        Assert.Equal(after.PublicKey, (await spoke.PasteAsync("wg pubkey </etc/wireguard/wghub-wg0.key", Cancel)).OrThrow().Trim());
        Assert.DoesNotContain(before.PublicKey, await site.LivePeersAsync(Cancel));

        // Once more changes nothing, and the files of the new key are all that is left.
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.Equal(after.PublicKey, (await site.Api.FindSpokeAsync("tromso", Cancel)).PublicKey);
        Assert.NotEqual(0, (await spoke.RunAsync(["test", "-e", "/etc/wireguard/wghub-wg0.key.reenrol"], Cancel)).ExitCode);
    }

    [Fact]
    public async Task Spokes_reach_each_other_only_while_the_hub_lets_them()
    {
        var spokes = await Task.WhenAll(site.ConnectAsync("bergen", Cancel), site.ConnectAsync("bari", Cancel));
        var other = (await site.Api.FindSpokeAsync("bari", Cancel)).Address.Split('/')[0];

        // Both tunnels stand: what does not come through now was kept out by the hub.
        Assert.All(await Task.WhenAll(spokes.Select(spoke => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel))), Assert.True);
        Assert.False(await PingsAsync());

        await site.Api.ConfigureAsync(new() { ["spokeToSpoke"] = true }, Cancel);
        Assert.True(await PingsAsync());

        await site.Api.ConfigureAsync(new() { ["spokeToSpoke"] = false }, Cancel);
        Assert.False(await PingsAsync());

        async Task<bool> PingsAsync() => (await spokes[0].RunAsync(["ping", "-c", "1", "-w", "2", "-I", "wg0", other], Cancel)).ExitCode == 0;
    }
}
