using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace WgHub.TestKit;

/// <summary>
/// A real nginx or Caddy in front of a hub, set up by a piece of docs/proxy.md. <c>test.sh</c> fetches the programs; where one is not to be had,
/// a test that asks for it is skipped.
/// </summary>
internal sealed partial class ReverseProxy : IAsyncDisposable
{
    /// <summary>What stands in the pieces for the hub.</summary>
    private const string DocumentedHub = "127.0.0.1:8080";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-proxy-");
    private ShellProcess? _process;

    private string LogFile => Path.Combine(_folder.FullName, "log");

    /// <summary>A port of this machine that nobody has.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Starts it at a port of this machine; returns when it listens.</summary>
    /// <param name="program">Whose piece: <c>nginx</c> or <c>caddy</c>.</param>
    /// <param name="piece">Which of its pieces, from 0.</param>
    /// <param name="hub">Host and port of the hub.</param>
    /// <param name="within">The command line that leads to where it shall run; empty for here.</param>
    public static async Task<ReverseProxy> StartAsync(string program, int piece, int port, string hub, CancellationToken cancel, params string[] within)
    {
        var file = ((string[])[Repository.PathOf($"artifacts/{program}/usr/sbin"), Repository.PathOf($"artifacts/{program}/usr/bin"), .. Folders])
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"There is no {program} here: ./test.sh --room Web fetches it.");
        var proxy = new ReverseProxy();
        var conf = Path.Combine(proxy._folder.FullName, "conf");
        var text = Documented(program)[piece].Replace(DocumentedHub, hub, StringComparison.Ordinal);
        await File.WriteAllTextAsync(conf, proxy.Whole(program, text, port), cancel);
        string[] command = program == "nginx"
            ? [file, "-p", proxy._folder.FullName, "-e", "stderr", "-c", conf]
            : [file, "run", "--config", conf, "--adapter", "caddyfile"];
        proxy._process = ShellProcess.Start([.. within, .. command], proxy.LogFile, new Dictionary<string, string> { ["HOME"] = proxy._folder.FullName });
        string[] probe = [.. within, "curl", "-s", "-o", "/dev/null", $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/"];
        if (!await Eventually.TrueAsync(async () => (await Shell.RunAsync(probe, cancel)).ExitCode == 0, Limit, cancel))
        {
            throw new TimeoutException($"{program} does not answer.\n{await File.ReadAllTextAsync(proxy.LogFile, cancel)}");
        }

        return proxy;
    }

    /// <summary>The pieces of the documentation for that program, in their order.</summary>
    public static List<string> Documented(string program) =>
        [.. Piece().Matches(File.ReadAllText(Repository.PathOf("docs/proxy.md"))).Where(piece => piece.Groups["program"].Value == program)
            .Select(piece => piece.Groups["text"].Value)];

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

    private static string[] Folders => ["/usr/sbin", "/usr/bin"];

    /// <summary>What somebody has around the piece. All of it lies in the folder, and one process is all there is to end.</summary>
    private string Whole(string program, string piece, int port) => program == "nginx"
        ? $$"""
            daemon off;
            master_process off;
            pid {{_folder.FullName}}/pid;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_folder.FullName}}/body;
                proxy_temp_path {{_folder.FullName}}/proxy;
                fastcgi_temp_path {{_folder.FullName}}/fastcgi;
                uwsgi_temp_path {{_folder.FullName}}/uwsgi;
                scgi_temp_path {{_folder.FullName}}/scgi;
                server {
                    listen 127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}};
                    absolute_redirect off;
                    {{piece}}
                }
            }
            """
        : $$"""
            {
                admin off
                storage file_system {{_folder.FullName}}/state
            }
            http://127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}}, http://localhost:{{port.ToString(CultureInfo.InvariantCulture)}} {
            {{piece}}
            }
            """;

    [GeneratedRegex("```(?<program>nginx|caddy)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Piece();
}
