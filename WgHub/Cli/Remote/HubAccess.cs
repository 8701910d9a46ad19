using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>Which hub a command speaks to: the one of this machine, over the socket in its data directory, or one elsewhere.</summary>
/// <param name="socketOf">Where the socket of this machine's hub is.</param>
internal sealed class HubAccess(Func<ParseResult, string> socketOf)
{
    private const string ServerVariable = "WGHUB_SERVER";
    private const string TokenVariable = "WGHUB_TOKEN";
    private const string FingerprintVariable = "WGHUB_FINGERPRINT";

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"A hub elsewhere ({ServerVariable}), with an API token in {TokenVariable}; without it the one of this machine.",
        HelpName = "URL",
    };

    private readonly Option<string?> _fingerprint = new("--fingerprint")
    {
        Description = $"SHA-256 of that hub's own certificate ({FingerprintVariable}), as 'wghub fingerprint' prints it.",
        HelpName = "HEX",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_fingerprint);
    }

    /// <exception cref="UsageException">An address that is none, one over plain HTTP elsewhere, no token.</exception>
    public HubConnection Open(ParseResult parsed)
    {
        var server = parsed.GetValue(_server) ?? Variable(ServerVariable);
        if (server is null)
        {
            var socket = socketOf(parsed);
            var local = new ApiServer(new("http://localhost")) { Connect = (_, cancel) => ConnectAsync(socket, cancel) };
            return new(local, null, socket);
        }

        if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            throw new UsageException($"--server {server}: an address such as https://hub.example.com.");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            throw new UsageException($"--server {server}: over plain HTTP anybody on the way would have the token. Use https.");
        }

        var token = Variable(TokenVariable)
            ?? throw new UsageException($"{TokenVariable}: an API token of that hub, as 'wghub api-token create' there prints it.");
        return new(new(url) { Fingerprint = parsed.GetValue(_fingerprint) ?? Variable(FingerprintVariable) }, new(token), null);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream owns it; where there is none, it is disposed.")]
    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(EndPointOf(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static UnixDomainSocketEndPoint EndPointOf(string path)
    {
        try
        {
            return new(path);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new IOException($"The path {path} is longer than a socket's may be. Use --server.", exception);
        }
    }
}
