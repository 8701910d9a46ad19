using System.Net;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The main job: one pasted line, a live tunnel.</summary>
[Trait("Kind", "Lab")]
public sealed class InstallTests(LabSite site) : IClassFixture<LabSite>
{
    private const string KeyFile = "/etc/wireguard/wghub-wg0.key";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_bare_machine_pastes_the_line_and_its_tunnel_is_up()
    {
        var spoke = await site.Net.BootAsync("oslo", SpokeKind.Bare, Cancel);
        var token = await site.Api.CreateTokenAsync("oslo", Cancel);
        await using var watch = new ProcessWatch();

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.True(await Eventually.TrueAsync(async () => (await site.Api.FindSpokeAsync("oslo", Cancel)).Status == "active", Limit, Cancel));
        Assert.Equal("install ok installed\n", (await spoke.RunAsync(["dpkg-query", "-W", "-f", "${Status}\n", "wireguard-tools"], Cancel)).OrThrow());
        Assert.Equal(
            "600\n600\n600\n", (await spoke.PasteAsync($"stat -c %a /etc/wireguard/wg0.conf /etc/wireguard/wghub-wg0.state {KeyFile}", Cancel)).OrThrow());
        await AssertNobodySawAsync((await spoke.ReadFileAsync(KeyFile, Cancel)).Trim(), await watch.StopAsync());
    }

    [Fact]
    public async Task The_line_pasted_again_changes_and_drops_nothing()
    {
        var spoke = await site.Net.BootAsync("turin", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("turin", Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        var before = await site.Api.FindSpokeAsync("turin", Cancel);
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        var again = await spoke.PasteAsync(token.Line, Cancel);

        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));
        Assert.Equal(0, again.ExitCode);
        var after = await site.Api.FindSpokeAsync("turin", Cancel);
        Assert.Equal((before.Id, before.Address, before.PublicKey), (after.Id, after.Address, after.PublicKey));
    }

    [Fact]
    public async Task A_reply_lost_on_its_way_costs_nothing_but_pasting_the_line_again()
    {
        var spoke = await site.Net.BootAsync("lyon", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("lyon", Cancel);
        var others = (await site.Api.ListSpokesAsync(Cancel)).Count;
        var hub = IPEndPoint.Parse($"{LabNet.ServerAddress}:8080");
        await using var relay = await LossyRelay.StartAsync(site.Net.HubNetwork, new IPEndPoint(hub.Address, 8081), hub);
        var line = token.Line.Replace(":8080/", ":8081/", StringComparison.Ordinal);

        var first = await spoke.PasteAsync(line, Cancel);
        Assert.True(relay.Lost > 0);
        var bound = await site.Api.FindSpokeAsync("lyon", Cancel);
        relay.LosesAnswers = false;
        var second = await spoke.PasteAsync(line, Cancel);

        Assert.Equal(4, first.ExitCode);
        Assert.Contains("run the same line again", first.Error, StringComparison.Ordinal);
        Assert.Equal(0, second.ExitCode);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        var spokes = await site.Api.ListSpokesAsync(Cancel);
        Assert.Equal(others + 1, spokes.Count);
        Assert.Contains(spokes, one => (one.Id, one.Address, one.PublicKey) == (bound.Id, bound.Address, bound.PublicKey));
    }

    [Fact]
    public async Task Ten_bare_machines_paste_ten_lines_at_once()
    {
        var names = Enumerable.Range(0, 10).Select(number => $"crowd-{number}").ToArray();
        var spokes = await Task.WhenAll(names.Select(name => site.Net.BootAsync(name, SpokeKind.Bare, Cancel)));
        var tokens = await Task.WhenAll(names.Select(name => site.Api.CreateTokenAsync(name, Cancel)));

        var results = await Task.WhenAll(spokes.Zip(tokens, (spoke, token) => spoke.PasteAsync(token.Line, Cancel)));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        Assert.All(await Task.WhenAll(spokes.Select(spoke => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel))), Assert.True);
        var listed = (await site.Api.ListSpokesAsync(Cancel)).Where(spoke => names.Contains(spoke.Name)).ToArray();
        Assert.Equal(10, listed.Select(spoke => spoke.Address).Distinct().Count());
    }

    /// <summary>Neither as text nor as its 32 bytes.</summary>
    private async Task AssertNobodySawAsync(string privateKey, IReadOnlyCollection<string> commandLines)
    {
        Assert.Contains(commandLines, line => line.Contains("wg-quick up", StringComparison.Ordinal));
        Assert.DoesNotContain(commandLines, line => line.Contains(privateKey, StringComparison.Ordinal));
        var data =
            Directory.GetFiles(site.Hub.DataFolder, "*", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length > 0); // the lock is empty, and the hub's alone
        string[] files = [.. data, .. Directory.GetFiles(site.Net.ConfigFolder), site.Hub.LogFile];
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancel);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(privateKey)) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf(Convert.FromBase64String(privateKey)) < 0, file);
        }
    }
}
