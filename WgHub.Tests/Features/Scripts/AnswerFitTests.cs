using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>What the install script takes for an answer, and what of it a machine without IPv6 keeps.</summary>
public sealed class AnswerFitTests : IDisposable
{
    private const string Answer = """
        # Managed by WgHub: spoke oslo.
        [Interface]
        PrivateKey = 
        Address = 10.8.0.5/32, fd00:1::a08:5/128
        DNS = fd00:1::1, 10.8.0.1, fd00:1::2, 9.9.9.9
        MTU = 1420

        [Peer]
        PublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
        AllowedIPs = 10.8.0.0/22, fd00:1::/64
        Endpoint = [2001:db8::1]:51820
        PersistentKeepalive = 25
        # End

        """;

    private readonly InstallPieces _pieces = new();

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    public static TheoryData<string, string> Forgeries => new()
    {
        { "10.8.0.0/22", "0.0.0.0/0" },
        { "10.8.0.0/22", "0.0.0.0/1, 128.0.0.0/1" },
        { "10.8.0.0/22", "0.0.0.0/7" },
        { "fd00:1::/64", "::/0" },
        { "fd00:1::/64", "::/1, 8000::/1" },
        { "fd00:1::/64", "2000::/3" },
        { "10.8.0.5/32", "10.8.0.5/1" },
        { "MTU = 1420", "PostUp = id" },
        { "9.9.9.9", "9.9.9.9, example.internal, example.net" },
        { "9.9.9.9", "9.9.9.9, example.internal;id" },
        { "9.9.9.9", "9.9.9.9, $(id)" },
        { "# End", "# End\n[Peer]" },
        { "# End", "" },
    };

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_answer_of_the_hubs_shape_is_taken(string shell) =>
        Assert.Equal("10.8.0.5/32, fd00:1::a08:5/128\n", (await TakeAsync(shell, Answer, "check_answer; echo \"$ADDRESS\"")).OrThrow());

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task So_is_one_with_a_domain_to_search_names_in(string shell)
    {
        var answer = Answer.Replace("9.9.9.9", "9.9.9.9, example.internal", StringComparison.Ordinal);

        var said = await TakeAsync(shell, answer, "check_answer; fit_answer; configuration E:1", "ipv6_is_on() { false; }\nhave() { true; }\n");

        Assert.Contains("\nDNS = 10.8.0.1, 9.9.9.9, example.internal\n", said.OrThrow(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Everything_in_halves_and_what_else_is_no_plain_tunnel_is_not(string part, string instead)
    {
        var said = await TakeAsync("dash", Answer.Replace(part, instead, StringComparison.Ordinal), "check_answer");

        Assert.Equal(4, said.ExitCode);
        Assert.Contains("cannot be used", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Without_IPv6_the_lists_keep_what_is_IPv4_and_it_is_told(string shell)
    {
        var said = await TakeAsync(
            shell, Answer, "check_answer; fit_answer; configuration E:1; echo \"$ADDRESS\"", "ipv6_is_on() { false; }\nhave() { true; }\n");

        Assert.Contains("IPv6 is off on this machine, so the tunnel goes without it: fd00:1::a08:5/128 is left out", said.Error, StringComparison.Ordinal);
        Assert.Equal(
            """
            # Managed by WgHub at https://vpn.example.com. Run the install line again rather than edit this file.
            # Without IPv6, which is off on this machine.
            [Interface]
            PrivateKey = key
            Address = 10.8.0.5/32
            DNS = 10.8.0.1, 9.9.9.9
            MTU = 1420

            [Peer]
            PublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
            AllowedIPs = 10.8.0.0/22
            Endpoint = E:1
            PersistentKeepalive = 25
            10.8.0.5/32

            """, said.OrThrow());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task With_IPv6_nothing_is_left_out(string shell)
    {
        var said = await TakeAsync(shell, Answer, "check_answer; fit_answer; configuration E:1", "ipv6_is_on() { true; }\nhave() { true; }\n");

        Assert.Equal("", said.Error);
        Assert.Contains(
            "\nAddress = 10.8.0.5/32, fd00:1::a08:5/128\nDNS = fd00:1::1, 10.8.0.1, fd00:1::2, 9.9.9.9\n", said.OrThrow(), StringComparison.Ordinal);
        Assert.DoesNotContain("Without IPv6", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DNS = fd00::1\nMTU = 1", "MTU = 1\n")]
    [InlineData("DNS = 10.8.0.1, fd00::1", "DNS = 10.8.0.1\n")]
    [InlineData("DNS = fd00::1, fd00::2", "")]
    [InlineData("DNS = fd00::1, fd00::2, 10.8.0.1, fd00::3", "DNS = 10.8.0.1\n")]
    [InlineData("DNS = fd00::1, 10.8.0.1, example.internal", "DNS = 10.8.0.1, example.internal\n")]
    [InlineData("DNS = fd00::1, fd00::2, 1.lan", "")]
    public async Task Names_are_asked_of_those_that_can_be_reached(string before, string after) =>
        Assert.Equal(after, (await TakeAsync("dash", before + "\n", "without_ipv6 <\"$TMP/answer\"")).OrThrow());

    public void Dispose() => _pieces.Dispose();

    private Task<ShellResult> TakeAsync(string shell, string answer, string pieces, string around = "")
    {
        _pieces.Write("answer", answer);
        _pieces.Write("key", "key\n");
        return _pieces.RunAsync(shell, $"TMP={_pieces.PathOf("")} KEY={_pieces.PathOf("key")}\n{pieces}", around: around);
    }
}
