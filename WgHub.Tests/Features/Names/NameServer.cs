using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Names;

/// <summary>
/// A real dnsmasq, unbound or CoreDNS, set up by the pieces of docs/names.md. <c>test.sh</c> fetches the programs; where one is not to be had, a
/// test that asks for it is skipped.
/// </summary>
internal sealed partial class NameServer : IAsyncDisposable
{
    /// <summary>What stands in the pieces for the folder of the file.</summary>
    private const string DocumentedFolder = "/var/lib/wghub-names";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-dns-");
    private readonly string _program;
    private readonly string _names;
    private ShellProcess? _process;

    private NameServer(string program, string names) => (_program, _names) = (program, names);

    public int Port { get; } = ReverseProxy.FreePort();

    private string LogFile => PathOf("log");

    /// <summary>Starts it; returns when it answers.</summary>
    /// <param name="program"><c>dnsmasq</c>, <c>unbound</c> or <c>coredns</c>.</param>
    /// <param name="names">The folder where the file of names is.</param>
    /// <param name="known">A name that it must know.</param>
    public static async Task<NameServer> StartAsync(string program, string names, string known, CancellationToken cancel)
    {
        string[] folders = [Repository.PathOf($"artifacts/{program}/usr/sbin"), Repository.PathOf($"artifacts/{program}/usr/bin"), "/usr/sbin", "/usr/bin"];
        var file = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"There is no {program} here: ./test.sh --room Names fetches it.");
        var server = new NameServer(program, names);
        await server.TranslateAsync(cancel);
        var conf = server.PathOf("conf");
        await File.WriteAllTextAsync(conf, server.Whole(), cancel);
        string[] command = program switch
        {
            "dnsmasq" => [file, "--keep-in-foreground", $"--conf-file={conf}"],
            "unbound" => [file, "-d", "-c", conf],
            _ => [file, "-conf", conf],
        };
        server._process = ShellProcess.Start(command, server.LogFile, new Dictionary<string, string>());
        if (!await Eventually.TrueAsync(async () => await DnsQuestion.AskAsync(server.Port, known, cancel) is { Length: > 0 }, Limit, cancel))
        {
            throw new TimeoutException($"{program} does not know {known}.\n{await File.ReadAllTextAsync(server.LogFile, cancel)}");
        }

        return server;
    }

    /// <summary>After the file was replaced: what the documented unit does by itself.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        if (_program == "unbound")
        {
            await TranslateAsync(cancel);
            (await Shell.RunAsync(["kill", "-HUP", $"{_process!.Id}"], cancel)).OrThrow(); // as its unit is reloaded
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync(Limit, CancellationToken.None);
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>By the documented script, but for what it does to the machine.</summary>
    private async Task TranslateAsync(CancellationToken cancel)
    {
        if (_program == "unbound")
        {
            var script = Documented("sh").Single(piece => piece.Contains("awk", StringComparison.Ordinal))
                .Replace("/etc/unbound/unbound.conf.d/wghub-names.conf", PathOf("names.conf"), StringComparison.Ordinal)
                .Replace("systemctl reload unbound", "", StringComparison.Ordinal);
            (await Shell.RunAsync(["sh"], script, cancel)).OrThrow();
        }
    }

    private string Whole() => _program switch
    {
        "dnsmasq" => string.Create(CultureInfo.InvariantCulture, $"""
            port={Port}
            listen-address=127.0.0.1
            bind-interfaces
            no-resolv
            no-hosts
            user=root
            pid-file={PathOf("pid")}
            {Documented("dnsmasq").Single()}
            """),
        "unbound" => string.Create(CultureInfo.InvariantCulture, $"""
            server:
                interface: 127.0.0.1
                port: {Port}
                username: ""
                chroot: ""
                directory: "{_folder.FullName}"
                pidfile: "{PathOf("pid")}"
                use-syslog: no
                do-daemonize: no
            include: "{PathOf("names.conf")}"
            remote-control:
                control-enable: no
            """),
        _ => Documented("coredns").Single().Replace("example.internal {", $"example.internal:{Port} {{", StringComparison.Ordinal),
    };

    private List<string> Documented(string language) =>
        [.. Piece().Matches(File.ReadAllText(Repository.PathOf("docs/names.md"))).Where(piece => piece.Groups["language"].Value == language)
            .Select(piece => piece.Groups["text"].Value.Replace(DocumentedFolder, _names, StringComparison.Ordinal))];

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Piece();
}
