using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>What makes a spoke the way to networks behind it, and what of an answer it obeys. The rules are real, in the tests' own network.</summary>
public sealed class GatewayScriptTests : IDisposable
{
    private const string Told = "publicKey=x\nnextPublicKey=\ngateway=10.77.0.0/16 10.77.3.0/24 fd77::/48\nmasquerade=10.77.0.0/16 10.77.3.0/24\nend\n";

    private static int _links = 100;

    private readonly InstallPieces _pieces = new();
    private readonly string _link = $"wgg{Interlocked.Increment(ref _links)}";

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    private string State => _pieces.PathOf($"root/etc/wireguard/wghub-{_link}.behind");

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task It_makes_its_table_keeps_it_and_takes_it_away(string shell)
    {
        Assert.Contains("a gateway now, to 10.77.0.0/16 10.77.3.0/24 fd77::/48", await LearnAsync(shell, Told), StringComparison.Ordinal);
        var rules = await RulesAsync();
        Assert.Equal(2, rules.Split("masquerade\n").Length - 1);
        Assert.Contains($"oifname \"{_link}\" tcp flags syn / syn,rst tcp option maxseg size set rt mtu", rules, StringComparison.Ordinal);
        var sysctl = await File.ReadAllTextAsync(_pieces.PathOf($"root/etc/sysctl.d/90-wghub-{_link}.conf"), Cancel);
        Assert.Contains("net/ipv4/ip_forward = 1\n", sysctl, StringComparison.Ordinal);
        Assert.EndsWith("net/ipv6/conf/all/forwarding = 1\n", sysctl, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(State));

        (await Shell.RunAsync(["nft", "delete", "table", "inet", $"wghub_gate_{_link}"], Cancel)).OrThrow();
        await RunAsync(shell, "keep", "");
        Assert.NotEmpty(await RulesAsync());

        Assert.Contains("nothing lies behind", await LearnAsync(shell, "gateway=\nmasquerade=\nend\n"), StringComparison.Ordinal);
        Assert.Empty(await RulesAsync());
        Assert.False(File.Exists(State) || File.Exists(_pieces.PathOf($"root/etc/sysctl.d/90-wghub-{_link}.conf")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("publicKey=x\nnextPublicKey=\nend\n")]                                          // a hub that knows nothing of networks
    [InlineData("gateway=\nmasquerade=\n")]                                                     // cut short
    [InlineData("gateway=\nend\n")]
    [InlineData("gateway=0.0.0.0/0\nmasquerade=\nend\n")]
    [InlineData("gateway=::/0\nmasquerade=\nend\n")]
    [InlineData("gateway=10.0.0.0/7\nmasquerade=\nend\n")]
    [InlineData("gateway=10.77.0.0/16;id\nmasquerade=\nend\n")]
    [InlineData("gateway=10.77.0.0/16\nmasquerade=$(id)\nend\n")]
    [InlineData("gateway=10.77.0.0/16 }\nmasquerade=\nend\n")]
    [InlineData("gateway=10.77.0.0/16  10.78.0.0/16\nmasquerade=\nend\n")]
    [InlineData("gateway=10.77.0.0/16\ngateway=10.78.0.0/16\nmasquerade=\nend\n")]
    [InlineData("<html>gateway=10.77.0.0/16\nmasquerade=</html>\nend\n")]
    public async Task An_answer_of_any_other_shape_changes_nothing(string told)
    {
        await LearnAsync("dash", Told);
        var before = await RulesAsync();

        Assert.Equal("", await LearnAsync("dash", told));

        Assert.Equal(before, await RulesAsync());
        Assert.StartsWith("gateway=10.77.0.0/16 10.77.3.0/24 fd77::/48\n", await File.ReadAllTextAsync(State, Cancel), StringComparison.Ordinal);
        await RunAsync("dash", "down", "");
    }

    [Fact]
    public async Task ShellCheck_has_nothing_to_say() =>
        (await Shell.RunAsync(["shellcheck", "-s", "sh", "-"], await ScriptAsync("dash"), Cancel)).OrThrow();

    public void Dispose() => _pieces.Dispose();

    private Task<string> LearnAsync(string shell, string told) => RunAsync(shell, "learn", told);

    private async Task<string> RunAsync(string shell, string verb, string told)
    {
        _pieces.Write("gateway.sh", await ScriptAsync(shell));
        _pieces.Write("root/etc/wireguard/there", "");
        return (await Shell.RunAsync([.. shell.Split(' '), _pieces.PathOf("gateway.sh"), verb], told, Cancel)).OrThrow();
    }

    private async Task<string> ScriptAsync(string shell) =>
        (await _pieces.RunAsync(shell, $"IF={_link} SERVICE=none; name_files; gateway_script")).OrThrow();

    private async Task<string> RulesAsync() => (await Shell.RunAsync(["nft", "list", "table", "inet", $"wghub_gate_{_link}"], Cancel)).Output;
}
