using System.Globalization;
using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Scripts;

public sealed class InstallScriptTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>The shells that <c>/bin/sh</c> is somewhere. Each is a command that reads a script from its standard input.</summary>
    internal static readonly IReadOnlyList<string> Shells = ["bash --posix", "dash", "busybox sh", "posh", "mksh", "yash"];

    public static TheoryData<string> ShellsToTry => [.. Shells];

    /// <summary>The script without its last command, main: what it does piece by piece.</summary>
    internal static string Functions => Rendered[..(Rendered.LastIndexOf("{ main", StringComparison.Ordinal))];

    private static string Rendered => new InstallScript().Render(new(new("https://vpn.example.com"), null), "10.8.0.1", new string('T', 43), "oslo");

    [Fact]
    public void It_is_its_parts_in_order_with_each_hole_filled_by_one_quoted_word()
    {
        var parts = Directory.GetFiles(Repository.PathOf("templates/install")).Order(StringComparer.Ordinal).Select(File.ReadAllText);
        (string Hole, string Word)[] words =
        [
            ("{{ hubUrl }}", "'https://vpn.example.com'"),
            ("{{ token }}", "'TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT'"),
            ("{{ spokeName }}", "'oslo'"),
            ("{{ version }}", $"'{BuildInfo.Version}'"),
            ("{{ reenrol }}", "'no'"),
            ("{{ withoutToken }}", "'rotate'"),
            ("{{ hubAddress }}", "'10.8.0.1'"),
            ("{{ hubPin }}", ""), // a public authority vouches: an assignment takes nothing
        ];

        Assert.Equal(words.Aggregate(string.Concat(parts), (text, word) => text.Replace(word.Hole, word.Word, StringComparison.Ordinal)), Rendered);
    }

    [Theory]
    [MemberData(nameof(ShellsToTry))]
    public async Task Every_shell_can_read_it(string shell) =>
        (await Shell.RunAsync([.. shell.Split(' '), "-n"], Rendered, Cancel)).OrThrow();

    [Fact]
    public async Task ShellCheck_has_nothing_to_say() =>
        (await Shell.RunAsync(["shellcheck", "-s", "sh", "-"], Rendered, Cancel)).OrThrow();

    /// <summary>It lies in the install script as a text, so neither a shell nor ShellCheck sees it there.</summary>
    [Fact]
    public async Task The_script_that_mends_a_tunnel_is_as_good()
    {
        const string Head = "IF=wg0 SERVICE=systemd USERSPACE=wireguard-go ROOT=\nENDPOINTS='10.0.0.1:51820 hub.example:51820'\n";
        var script = Head + TextFrom("# ---- asked for through the tunnel once an hour") + TextFrom("CONF=$ROOT/etc/wireguard/$IF.conf TROUBLE=");

        (await Shell.RunAsync(["shellcheck", "-s", "sh", "-"], script, Cancel)).OrThrow();
        foreach (var shell in Shells)
        {
            (await Shell.RunAsync([.. shell.Split(' '), "-n"], script, Cancel)).OrThrow();
        }
    }

    private static string TextFrom(string first)
    {
        var start = Rendered.IndexOf(first, StringComparison.Ordinal);
        return Rendered[start..(Rendered.IndexOf("\nEOF\n", start, StringComparison.Ordinal) + 1)];
    }

    /// <summary>The table of busybox's crond is one file for all: what others wrote there stays.</summary>
    [Theory]
    [MemberData(nameof(ShellsToTry))]
    public async Task A_line_in_a_shared_crontab_comes_once_and_goes_again(string shell)
    {
        var root = Directory.CreateTempSubdirectory("wghub-cron-");
        try
        {
            var table = Path.Combine(root.CreateSubdirectory("etc/crontabs").FullName, "root");
            await File.WriteAllTextAsync(table, "0 4 * * * /usr/bin/backup\n", Cancel);
            var script = $"{Functions}\nROOT={root.FullName} TMP=$ROOT IF=wg0 HEAL_SCRIPT=/etc/wireguard/wghub-wg0.heal\nhave() {{ [ \"$1\" = crond ]; }}\n";

            (await Shell.RunAsync(shell.Split(' '), script + "start_heal_by_cron\nstart_heal_by_cron\n", Cancel)).OrThrow();
            Assert.Equal("0 4 * * * /usr/bin/backup\n* * * * * /bin/sh /etc/wireguard/wghub-wg0.heal\n", await File.ReadAllTextAsync(table, Cancel));

            (await Shell.RunAsync(shell.Split(' '), script + "stop_heal_by_cron\n", Cancel)).OrThrow();
            Assert.Equal("0 4 * * * /usr/bin/backup\n", await File.ReadAllTextAsync(table, Cancel));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>What <c>--check</c> makes of the hub's Date header, where no two systems have the same date(1).</summary>
    [Theory]
    [MemberData(nameof(ShellsToTry))]
    public async Task Every_shell_counts_the_days_as_the_calendar_does(string shell)
    {
        var times = Enumerable.Range(0, 200)
            .Select(number => DateTimeOffset.UnixEpoch.AddDays(number * 113.37).AddSeconds(number))
            .Append(new(2028, 2, 29, 8, 9, 9, default))
            .ToArray();

        var said =
            (await Shell.RunAsync(
                shell.Split(' '),
                Functions
                    + string.Concat(times.Select(time => string.Create(CultureInfo.InvariantCulture, $"seconds_at {time:dd MMM yyyy HH:mm:ss}\n"))), Cancel))
                .OrThrow();

        Assert.Equal(string.Concat(times.Select(time => $"{time.ToUnixTimeSeconds()}\n")), said);
    }

    [Fact]
    public async Task It_comes_as_a_file_and_uses_nothing_up()
    {
        var (id, secret, _) = await hub.TokenAsync("turin");
        var before = await Snapshot.TakeAsync(hub);

        var answer = (await hub.Nobody.GetAsync($"/api/installation/script/{secret}?platform=linux")).Expect(HttpStatusCode.OK);
        var line = (await hub.Nobody.GetAsync($"/i/{secret}")).Expect(HttpStatusCode.OK);

        Assert.Equal("text/x-shellscript", answer.ContentType);
        Assert.Equal("attachment; filename=\"install-spoke-turin.sh\"", answer.ContentHeaders.ContentDisposition?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(line.Body, answer.Body);
        Assert.Contains($"'{hub.Url}'", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"'{secret}'", answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, await Snapshot.TakeAsync(hub));
        Assert.NotEmpty(id);
    }

    [Theory]
    [InlineData("proxmox", HttpStatusCode.OK, null)]
    [InlineData("macos", HttpStatusCode.OK, null)]
    [InlineData("router", HttpStatusCode.BadRequest, "VALIDATION_FAILED")]
    [InlineData("plan9", HttpStatusCode.BadRequest, "VALIDATION_FAILED")]
    [InlineData("%0aPostUp", HttpStatusCode.BadRequest, "VALIDATION_FAILED")]
    public async Task A_platform_without_a_script_is_told_so(string platform, HttpStatusCode status, string? code)
    {
        var (_, secret, _) = await hub.TokenAsync();

        (await hub.Nobody.GetAsync($"/i/{secret}?platform={platform}")).Expect(status, code);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%27%24(id)")]
    public async Task An_unknown_token_gives_no_script_and_is_not_repeated(string token)
    {
        var answer = (await hub.Nobody.GetAsync($"/i/{token}")).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

        Assert.Equal("/i/***", answer.Text("instance"));
    }

    [Theory]
    [InlineData("evil.example'; id; '")]
    [InlineData("$(id)")]
    [InlineData("a b")]
    public async Task A_Host_header_that_is_none_is_refused(string host)
    {
        var (_, secret, _) = await hub.TokenAsync();

        var answer = await hub.Nobody.SendAsync(HttpMethod.Get, $"/i/{secret}", null, ("Host", host));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }
}
