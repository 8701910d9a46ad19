using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Caddy as a certificate authority that speaks ACME: it really comes to look, at ports 80 and 443. With a hosts file of its own.</summary>
internal sealed partial class CaddyAuthority : IAsyncDisposable
{
    public const string Directory = $"https://{Address}/acme/local/directory";

    private const string Address = "127.0.0.1:9443";

    // The bind mount is seen by Caddy alone.
    private const string BecomeWithHosts = """mount --bind "$1" /etc/hosts; shift; exec "$@" """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("wghub-caddy-");
    private ShellProcess? _process;


    /// <summary>The root that its certificates, and its own, lead to.</summary>
    public string RootFile => Path.Combine(_folder.FullName, "state/pki/authorities/local/root.crt");

    private string LogFile => Path.Combine(_folder.FullName, "caddy.log");

    /// <param name="hosts">What names lead to, a line each.</param>
    public static async Task<CaddyAuthority> StartAsync(string hosts, CancellationToken cancel)
    {
        var authority = new CaddyAuthority();
        await File.WriteAllTextAsync(authority.PathOf("hosts"), hosts, cancel);
        await File.WriteAllTextAsync(
            authority.PathOf("Caddyfile"),
            $$"""
            {
                admin off
                skip_install_trust
                auto_https disable_redirects
                storage file_system {{authority.PathOf("state")}}
                default_sni 127.0.0.1
            }
            https://{{Address}} {
                bind 127.0.0.1
                tls internal
                acme_server
            }
            """,
            cancel);
        await authority.StartAsync(cancel);
        return authority;
    }

    /// <summary>Starts it, again after a stop.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        _process = ShellProcess.Start(
            ["unshare", "--mount", "sh", "-c", BecomeWithHosts, "sh", PathOf("hosts"), "caddy", "run", "--config", PathOf("Caddyfile"),
                "--adapter", "caddyfile"],
            LogFile,
            new Dictionary<string, string> { ["HOME"] = _folder.FullName });
        if (!await Eventually.TrueAsync(() => AnswersAsync(cancel), Limit, cancel))
        {
            throw new TimeoutException($"Caddy does not answer.\n{await File.ReadAllTextAsync(LogFile, cancel)}");
        }
    }

    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync(Limit, CancellationToken.None);
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>How many it was asked for: its log holds each of its answers, and an order names its own address.</summary>
    public int Orders => Order().Matches(File.ReadAllText(LogFile)).Select(match => match.Value).Distinct().Count();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel) =>
        File.Exists(RootFile) && (await Shell.RunAsync(["curl", "-fsS", "-o", "/dev/null", "--cacert", RootFile, Directory], cancel)).ExitCode == 0;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [GeneratedRegex("/order/[^/]+/finalize")]
    private static partial Regex Order();
}
