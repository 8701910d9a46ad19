namespace WgHub.Features.Scripts;

/// <summary>When a tunnel does not start, the words that tell why are told: of wg-quick's output one line, and else wireguard-go's own.</summary>
public sealed class StartWordsTests : IDisposable
{
    private const string Box = """
        [#] ip link add wg0 type wireguard
        RTNETLINK answers: Operation not supported
        [!] Missing WireGuard kernel module. Falling back to slow userspace implementation.
        [#] wireguard-go wg0
        ┌──────────────────────────────────────────────────────┐
        │                                                      │
        │   Running wireguard-go is not required because this  │
        └──────────────────────────────────────────────────────┘

        """;

    private readonly InstallPieces _pieces = new();

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    [Theory]
    [InlineData(
        "ERROR: (wg0) 2026/11/28 23:04:32 Failed to create TUN device: no such file or directory\n[#] ip link delete dev wg0\nCannot find device \"wg0\"\n",
        "wireguard-go: Failed to create TUN device: no such file or directory")]
    [InlineData(
        "[#] wg setconf wg0 /dev/fd/63\nUnable to modify interface: Protocol not supported\n[#] ip link delete dev wg0\nCannot find device \"wg0\"\n",
        "Unable to modify interface: Protocol not supported")]
    [InlineData("[#] wg setconf wg0 /dev/fd/63\nName or service not known: `hub.example:51820'\n[#] ip link delete dev wg0\n",
        "Name or service not known: `hub.example:51820'")]
    [InlineData("", "RTNETLINK answers: Operation not supported")]
    public async Task One_line_of_all_tells(string after, string words)
    {
        _pieces.Write("said", Box + after);

        foreach (var shell in InstallScriptTests.Shells)
        {
            Assert.Equal(words + "\n", (await _pieces.RunAsync(shell, $"telling_words <{_pieces.PathOf("said")}")).OrThrow());
        }
    }

    /// <summary>The real wireguard-go, in a user namespace that has one instance of inotify less than it needs.</summary>
    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Wireguard_go_is_asked_itself_when_inotify_is_used_up(string shell)
    {
        var said = await TroubleAsync(shell, "echo 0 >/proc/sys/user/max_inotify_instances");

        Assert.StartsWith("wireguard-go: Failed to listen on uapi socket: too many open files", said, StringComparison.Ordinal);
        Assert.Contains("raise fs.inotify.max_user_instances", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task And_when_it_has_no_tun(string shell) =>
        Assert.Matches(@"\Awireguard-go: .*/dev/net/tun.*\n\z", await TroubleAsync(shell, "mount -t tmpfs tmpfs /dev/net"));

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task One_that_runs_says_nothing_and_is_gone_again(string shell)
    {
        var said = await TroubleAsync(shell, "true", "; ip -o link");

        Assert.DoesNotContain("wghubprobe", said, StringComparison.Ordinal);
        Assert.DoesNotContain("wireguard-go", said, StringComparison.Ordinal);
    }

    public void Dispose() => _pieces.Dispose();

    /// <param name="harm">Done before, in namespaces of its own.</param>
    private async Task<string> TroubleAsync(string shell, string harm, string then = "")
    {
        _pieces.Write("tmp/x", "");
        return (await _pieces.RunAsync(
            shell, $"SERVICE=none TMP={_pieces.PathOf("tmp")}\necho \"$(program_trouble)\"{then}", around: "kernel_has_wireguard() { false; }",
            wrapper: ["unshare", "--user", "--map-root-user", "--mount", "--net", "sh", "-c", $"{harm}; exec \"$@\"", "sh"])).OrThrow();
    }
}
