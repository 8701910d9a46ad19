namespace WgHub.Lab;

/// <summary>A machine exchanges its key: through the real tunnel, on a hub with a certificate of its own.</summary>
[Trait("Kind", "Lab")]
public sealed class RotationTests(HttpsSite site) : IClassFixture<HttpsSite>
{
    /// <summary>Of twenty a second. WireGuard tries a handshake that was lost again after five seconds.</summary>
    private const int EchoesOfOneHandshake = 20;

    [Fact]
    public async Task A_new_key_costs_a_tunnel_in_use_no_more_than_a_handshake()
    {
        var (spoke, token) = await ConnectAsync("oslo");
        var before = await site.Api.FindSpokeAsync("oslo", Cancel);
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        (await spoke.PasteAsync(RotateLine(token), Cancel)).OrThrow();
        (await spoke.PasteAsync(RotateLine(token).Replace(token.Secret, "rotate", StringComparison.Ordinal), Cancel)).OrThrow();

        await ping.AnswersAsync(20, Cancel);
        var lost = await ping.StopAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{lost.Count} echoes lost by two rotations: {string.Join(' ', lost)}");
        Assert.InRange(lost.Count, 0, 2 * EchoesOfOneHandshake);
        var after = await site.Api.FindSpokeAsync("oslo", Cancel);
        Assert.NotEqual(before.PublicKey, after.PublicKey);
        Assert.Equal(before.Address, after.Address);
        Assert.Equal([after.PublicKey], (await site.LivePeersAsync(Cancel)).Where(peer => peer.Value == after.Address).Select(peer => peer.Key));
        Assert.DoesNotContain(before.PublicKey, await site.LivePeersAsync(Cancel));
        Assert.Equal("", (await spoke.PasteAsync("find /tmp /etc/wireguard -name '*.next' -o -name '*.new' -o -name 'wghub.*'", Cancel)).OrThrow());

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task Wherever_it_is_cut_off_the_next_boot_has_a_tunnel_and_the_next_try_succeeds()
    {
        var (spoke, token) = await ConnectAsync("turin");
        foreach (var step in new[] { "    use_next_key", "    keep_next_key", "    mv -f \"$KEY.next\" \"$KEY\"", "    finish_rotation" })
        {
            await spoke.WriteFileAsync("/root/step", step + "\n", Cancel);
            var cut =
                RotateLine(token)
                    .Replace(
                        "| sudo sh",
                        "| awk 'NR == FNR { step = $0; next } { print $0 == step ? \"    kill -9 $$\" : $0 }' /root/step - | sudo sh",
                        StringComparison.Ordinal);
            Assert.NotEqual(0, (await spoke.PasteAsync(cut, Cancel)).ExitCode);

            await spoke.PowerOffAsync(Cancel);
            await spoke.PowerOnAsync(Cancel);

            Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), $"no tunnel after a cut before:{step}\n{await StateAsync(spoke)}");
            (await spoke.PasteAsync(RotateLine(token), Cancel)).OrThrow();
            Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), $"no tunnel after the try that followed a cut before:{step}");
        }
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_in_the_tunnel_is_told_and_nothing_changes()
    {
        var (spoke, token) = await ConnectAsync("lyon");
        var before = await site.Api.FindSpokeAsync("lyon", Cancel);

        var result =
            await spoke.PasteAsync(
                RotateLine(token)
                    .Replace(
                        "| sudo sh",
                        "| sed 's|^HUB_ADDRESS=.*|HUB_ADDRESS=10.8.3.250|; s|--connect-timeout 10|--connect-timeout 1|' | sudo sh",
                        StringComparison.Ordinal), Cancel);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("does not answer through the tunnel", result.Error, StringComparison.Ordinal);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal(before.PublicKey, (await site.Api.FindSpokeAsync("lyon", Cancel)).PublicKey);
    }

    private async Task<(LabSpoke Spoke, InstallToken Token)> ConnectAsync(string name)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync(name, Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        return (spoke, token);
    }

    /// <summary>What both ends of the tunnel hold, and what the hub knows of its neighbours.</summary>
    private async Task<string> StateAsync(LabSpoke spoke)
    {
        var (far, near) = (await spoke.RunAsync(["wg", "show", "wg0"], Cancel), await site.Net.RunAsync(["wg", "show", "wg0"], Cancel));
        var neighbours = await site.Net.RunAsync(["ip", "neighbour"], Cancel);
        return string.Join('\n', far.Output, near.Output, neighbours.Output);
    }

    private static string RotateLine(InstallToken token) => token.Line.Replace("| sudo sh", "| sudo sh -s -- --rotate", StringComparison.Ordinal);
}
