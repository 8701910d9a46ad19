using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A Windows machine exchanges its key through its own tunnel: the real PowerShell 7, with stand-ins for what only Windows has.</summary>
[Trait("Kind", "Lab")]
public sealed class WindowsRotationTests(HttpsSite site) : IClassFixture<HttpsSite>, IAsyncLifetime
{
    private const int Number = 90; // among the lab's machines

    private NetNamespace _network = null!;
    private Features.Enrolment.Windows _machine = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _network = new NetNamespace($"{site.Net.Prefix}-win");
        await _network.CreateAsync(Cancel);
        await site.Net.PlugInAsync(_network, Number, Cancel);
        _machine = new(_network, "winget.exe");
    }

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        await site.Net.UnplugAsync(Number);
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_new_key_comes_by_the_line_and_the_tunnel_stays()
    {
        var line = await ConnectAsync("kiel");
        var (before, key) = (await site.Api.FindSpokeAsync("kiel", Cancel), _machine.Tunnel("key"));

        var said = (await _machine.PasteAsync(RotateLine(line))).OrThrow();

        Assert.Contains("done: wg0 has a new key, and the hub has forgotten the one before", said, StringComparison.Ordinal);
        var after = await site.Api.FindSpokeAsync("kiel", Cancel);
        Assert.NotEqual(before.PublicKey, after.PublicKey);
        Assert.Equal(before.Address, after.Address);
        Assert.DoesNotContain(before.PublicKey, await site.LivePeersAsync(Cancel));
        Assert.True(await PingsAsync());
        Assert.NotEqual(key, _machine.Tunnel("key"));
        Assert.Contains($"PrivateKey = {_machine.Tunnel("key").Trim()}\n", _machine.Tunnel("conf"), StringComparison.Ordinal);
        Assert.Contains($"\npublicKey={after.PublicKey}\n", _machine.Tunnel("state"), StringComparison.Ordinal);
        Assert.Equal(
            ["repair.ps1", "wg0.conf", "wg0.key", "wg0.state"], Directory.GetFiles(_machine.PathOf("ProgramData/WgHub")).Select(Path.GetFileName).Order());

        (await _machine.PasteAsync(line)).OrThrow();
        await RebootAsync();
        Assert.True(await PingsAsync());
        (await _machine.PasteAsync(line.Replace("}elseif", " -Uninstall -Purge}elseif", StringComparison.Ordinal))).OrThrow();
        Assert.DoesNotContain(await site.Api.ListSpokesAsync(Cancel), spoke => spoke.Name == "kiel");
        Assert.Equal("", _machine.Said("complaints"));
    }

    [Fact]
    public async Task Wherever_it_is_cut_off_the_next_start_has_a_tunnel_and_the_next_try_succeeds()
    {
        var line = await ConnectAsync("turin");
        (await _machine.PasteAsync($"curl.exe -fsSk '{LabHub.HttpsUrl}/i/install.ps1' -o '{_machine.PathOf("script.ps1")}'")).OrThrow();
        var script = _machine.Said("script.ps1");
        foreach (var step in (string[])
            [
                "    Use-NextKey $tunnel", "    Save-File $tunnel.Conf $next", "    Move-Item -LiteralPath $change.File",
                "    Save-File $tunnel.State ([IO", "    $reply = Send-KeyChange $change 'finish'",
            ])
        {
            Assert.Contains($"\n{step}", script, StringComparison.Ordinal);
            await File.WriteAllTextAsync(
                _machine.PathOf("cut.ps1"), script.Replace($"\n{step}", $"\n/bin/kill -9 $PID\n{step}", StringComparison.Ordinal), Cancel);
            Assert.NotEqual(0, (await _machine.PasteAsync($"& '{_machine.PathOf("cut.ps1")}' -Rotate {LabSite.HubTunnelAddress}")).ExitCode);

            await RebootAsync();
            Assert.True(await PingsAsync(), $"no tunnel after a cut before:{step}");

            (await _machine.PasteAsync(RotateLine(line))).OrThrow();
            Assert.True(await PingsAsync(), $"no tunnel after the try that followed a cut before:{step}");
        }
    }

    [Fact]
    public async Task Where_the_hub_does_not_answer_in_the_tunnel_everything_is_as_before()
    {
        var line = await ConnectAsync("lyon");
        var (key, conf) = (_machine.Tunnel("key"), _machine.Tunnel("conf"));

        var said = await _machine.PasteAsync(RotateLine(line).Replace($"-Rotate {LabSite.HubTunnelAddress}", "-Rotate 127.0.0.1", StringComparison.Ordinal));

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("does not answer through the tunnel, at 127.0.0.1:", PowerShell.Plain(said.Error), StringComparison.Ordinal);
        Assert.Equal((key, conf), (_machine.Tunnel("key"), _machine.Tunnel("conf")));
        Assert.True(await PingsAsync());

        said = await _machine.PasteAsync(RotateLine(line).Replace($"-Rotate {LabSite.HubTunnelAddress}", "-Rotate 'a;b'", StringComparison.Ordinal));
        Assert.Contains("Behind -Rotate stands the address of the hub in the tunnel.", PowerShell.Plain(said.Error), StringComparison.Ordinal);
    }

    private async Task<string> ConnectAsync(string name)
    {
        var token = await site.Api.PostAsync("/api/installation/token", new JsonObject { ["spokeName"] = name }, Cancel);
        var line = token.GetProperty("token").GetProperty("commands").GetProperty("windows").GetString()!;
        (await _machine.PasteAsync(line)).OrThrow();
        _address = (await site.Api.FindSpokeAsync(name, Cancel)).Address;
        return line;
    }

    /// <summary>The line as the page of a new key shows it.</summary>
    private static string RotateLine(string line)
    {
        var start = line.IndexOf(" -Token '", StringComparison.Ordinal);
        return $"{line[..start]} -Rotate {LabSite.HubTunnelAddress}{line[line.IndexOf("}elseif", StringComparison.Ordinal)..]}";
    }

    private async Task RebootAsync() => (await _machine.RebootAsync()).OrThrow();

    private async Task<bool> PingsAsync() =>
        (await Shell.RunAsync(_network.Enter("ping", "-c", "1", "-w", "10", "-I", _address.Split('/')[0], LabSite.HubTunnelAddress), Cancel)).ExitCode == 0;
}
