using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>What a timer runs on a spoke, and what it obeys of what it is told.</summary>
public sealed class HealScriptTests : IDisposable
{
    private readonly InstallPieces _pieces = new();

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_it_is_told_is_an_endpoint_or_nothing(string shell)
    {
        foreach (
            var (told, taken) in new[]
            {
                ("publicEndpoint=vpn.example.com:51821\nprivateEndpoint=\nend\n", "vpn.example.com:51821\n"),
                ("publicEndpoint=192.0.2.1:443\nprivateEndpoint=[2001:db8::1]:51821\nend\n", "192.0.2.1:443\n[2001:db8::1]:51821\n"),
                ("publicEndpoint=192.0.2.1:443\n", ""),                                                        // cut short
                ("publicEndpoint=192.0.2.1:0\nprivateEndpoint=192.0.2.1\nend\n", ""),
                ("publicEndpoint=$(id):1\nprivateEndpoint=a b:1\nend\n", ""),
                ("publicEndpoint=a:1;id\nprivateEndpoint=a:1\r\nend\n", ""),
                ("Endpoint=192.0.2.1:1\nAllowedIPs=0.0.0.0/0\nPostUp=id\nend\n", ""),
                ("<html>publicEndpoint=192.0.2.1:1</html>\nend\n", ""),
            })
        {
            Assert.Equal(taken, await AskAsync(shell, told));
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_it_is_told_to_route_is_a_list_of_networks_or_nothing(string shell)
    {
        var head = await HealAsync(shell);
        foreach (
            var (told, taken) in new[]
            {
                ("10.8.0.1/32", "10.8.0.1/32\n"), ("10.8.0.0/22,fd42:77::/64", "10.8.0.0/22,fd42:77::/64\n"), ("0.0.0.0/0,::/0", "0.0.0.0/0,::/0\n"),
                ("", ""), ("0.0.0.0/0", ""), ("0.0.0.0/1,128.0.0.0/1", ""), ("8.0.0.0/5", ""), ("2000::/3", ""), ("10.8.0.0/22,0.0.0.0/0,::/0", ""),
                ("10.8.0.0/22;id", ""), ("$(id)/32", ""), ("10.8.0.0/22, 10.9.0.0/16", ""), ("0a0b0c0d0/0", ""),
            })
        {
            _pieces.Write("heal.sh", $"{head}\nanswer='publicKey=x\nroutes={told}\nend'\ntold_networks\n");
            Assert.Equal(taken, (await Shell.RunAsync([.. shell.Split(' '), _pieces.PathOf("heal.sh")], Cancel)).OrThrow());
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task It_asks_with_the_token_on_standard_input_and_not_again_for_five_minutes(string shell)
    {
        Assert.Equal("a:1\n", await AskAsync(shell, "publicEndpoint=a:1\nend\n"));

        var sent = await File.ReadAllTextAsync(_pieces.PathOf("sent"), Cancel);
        Assert.Equal("""{"token":"secret","publicKey":"key="}""" + "\n", sent);
        var arguments = await File.ReadAllTextAsync(_pieces.PathOf("arguments"), Cancel);
        Assert.DoesNotContain("secret", arguments, StringComparison.Ordinal);
        Assert.Contains("-k --pinnedpubkey sha256//PIN ", arguments, StringComparison.Ordinal);
        Assert.EndsWith("https://vpn.example.com/api/spoke/endpoints\n", arguments, StringComparison.Ordinal);

        Assert.Equal("", await AskAsync(shell, "publicEndpoint=a:1\nend\n", isAgain: true));
    }

    public void Dispose() => _pieces.Dispose();

    /// <summary>What it would try, after a hub that answers so.</summary>
    private async Task<string> AskAsync(string shell, string told, bool isAgain = false)
    {
        _pieces.Write("told", told);
        _pieces.Write("root/run/there", "");
        if (!isAgain)
        {
            File.Delete(_pieces.PathOf("root/run/wghub-wg0.looked"));
        }

        _pieces.Write("root/etc/wireguard/wghub-wg0.state", "interface=wg0\ntoken=secret\npublicKey=key=\n");
        _pieces.Shim("curl", $"echo \"$*\" >{_pieces.PathOf("arguments")}; cat >{_pieces.PathOf("sent")}; cat {_pieces.PathOf("told")}");
        _pieces.Write("heal.sh", await HealAsync(shell) + "\nendpoints_of_now\n");
        var path = $"PATH={_pieces.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return (await Shell.RunAsync(["env", path, .. shell.Split(' '), _pieces.PathOf("heal.sh")], Cancel)).OrThrow();
    }

    /// <summary>The script without its last line.</summary>
    private async Task<string> HealAsync(string shell)
    {
        var script = (await _pieces.RunAsync(
            shell, "IF=wg0 SERVICE=none PRIVATE='' PUBLIC=vpn.example.com:51820 HUB_PIN=sha256//PIN; name_files; heal_script")).OrThrow();
        return script[..script.LastIndexOf("\nmain\n", StringComparison.Ordinal)];
    }
}
