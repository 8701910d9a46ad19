using System.Net;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>
/// HTTP clients that reach no file of the script, as those from a snap: another /tmp, and of what is open when they start only pipes are left.
/// </summary>
public sealed class ConfinedClientTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>A program of this machine in such a place. A file behind one of its three streams is nothing there, as AppArmor has it.</summary>
    private const string Confined = """
        [ -p /proc/self/fd/0 ] || exec </dev/null
        [ -p /proc/self/fd/1 ] || exec >/dev/null
        [ -p /proc/self/fd/2 ] || exec 2>/dev/null
        exec unshare --mount sh -c 'mount -t tmpfs tmpfs /tmp; exec "$@"' sh PROGRAM "$@"
        """;

    private const string Register =
        "prepare; DIR=$TMP IF=wg0; name_files; make_key; register; check_answer; echo \"$STATUS $ADDRESS\"";

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells.Where(shell => !shell.StartsWith("busybox", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Curl_registers_all_the_same(string shell)
    {
        using var machine = Machine("curl");
        var (_, token, address) = await hub.TokenAsync();

        var said = await machine.RunAsync(shell, Register, script: await ScriptAsync(token));

        Assert.Equal($"201 {address}/32\n", said.OrThrow().Split("wghub: made a key", StringSplitOptions.None)[^1].Split('\n', 2)[1]);
    }

    [Fact]
    public async Task What_the_hub_says_no_with_is_told_too()
    {
        using var machine = Machine("curl");
        var (id, token, _) = await hub.TokenAsync();
        var script = await ScriptAsync(token);
        (await hub.Operator.DeleteAsync($"/api/installation/token/{id}")).Expect(HttpStatusCode.OK);

        var said = await machine.RunAsync("dash", Register, script: script);

        Assert.Equal(3, said.ExitCode);
        Assert.Contains("the hub refused: This token was revoked.", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_gone_is_told_in_curls_words()
    {
        using var machine = Machine("curl");
        var (_, token, _) = await hub.TokenAsync();

        var said = await machine.RunAsync(
            "dash", Register, around: "sleep() { :; }", script: (await ScriptAsync(token)).Replace(hub.Url, "http://127.0.0.1:9", StringComparison.Ordinal));

        Assert.Equal(4, said.ExitCode);
        Assert.Contains("no good answer from http://127.0.0.1:9: curl: (7)", said.Error, StringComparison.Ordinal);
    }

    /// <summary>It takes what it sends from a file alone: so the machine is to blame, and not the hub.</summary>
    [Fact]
    public async Task Wget_cannot_and_it_is_told_what_does()
    {
        using var machine = Machine("wget");
        var (_, token, _) = await hub.TokenAsync();

        var said = await machine.RunAsync(
            "dash", Register, around: "have() { [ \"$1\" != curl ] && command -v \"$1\" >/dev/null 2>&1; }\nsleep() { :; }", script: await ScriptAsync(token));

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("wget may not use the files of this script", said.Error, StringComparison.Ordinal);
        Assert.Contains("Install curl by this machine's package manager", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no good answer from", said.Error, StringComparison.Ordinal);
    }

    private static InstallPieces Machine(string program)
    {
        var machine = new InstallPieces();
        machine.Shim(program, Confined.Replace("PROGRAM", $"/usr/bin/{program}", StringComparison.Ordinal));
        return machine;
    }

    private async Task<string> ScriptAsync(string token) => (await hub.Nobody.GetAsync($"/i/{token}")).Expect(HttpStatusCode.OK).Body;
}
