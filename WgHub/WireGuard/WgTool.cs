using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.WireGuard;

/// <summary>A peer as the interface should have it.</summary>
/// <param name="AllowedIPs">Comma-separated, sorted CIDR blocks; empty for none.</param>
/// <param name="PresharedKey">Null for none.</param>
internal sealed record PeerTarget(PublicKey Key, string AllowedIPs, Secret? PresharedKey)
{
    /// <summary>What the firewall has to know of it; null when the rules of anybody hold for it, and no rule leads to it.</summary>
    public PeerZone? Zone { get; init; }
}

/// <summary>Runs wg(8). Keys that are secret go through standard input; a batch of any size is one process.</summary>
internal sealed class WgTool(CommandRunner runner, IOptions<WireGuardOptions> options)
{
    /// <summary>Keys in one argument list: 20,000 no longer start ("Argument list too long").</summary>
    private const int RemovalsPerCall = 500;

    /// <summary>wireguard-go takes 0.1 ms for each new peer: a call stays far from its deadline.</summary>
    private const int PeersPerCall = 5_000;

    private string Wg => options.Value.WgCommand;

    /// <summary>Makes a key pair.</summary>
    /// <exception cref="WgException">wg is missing or refused.</exception>
    public async Task<(Secret Private, PublicKey Public)> GenerateKeyAsync(CancellationToken cancellationToken)
    {
        var secret = new Secret((await runner.RunAsync(Wg, ["genkey"], "", cancellationToken)).Trim());
        return (secret, await PublicKeyOfAsync(secret, cancellationToken));
    }

    /// <exception cref="WgException">It is no private key, or wg is missing.</exception>
    public async Task<PublicKey> PublicKeyOfAsync(Secret privateKey, CancellationToken cancellationToken)
    {
        var text = (await runner.RunAsync(Wg, ["pubkey"], privateKey.Reveal() + "\n", cancellationToken)).Trim();
        return PublicKey.TryParse(text, out var key) ? key : throw new WgException("wg pubkey: gave no key.");
    }

    /// <summary>The interface as a conf file of wg(8), with its private and preshared keys: for parsing, never for showing.</summary>
    /// <exception cref="WgException">There is no such interface, or wg refused.</exception>
    public Task<string> ShowConfAsync(string name, CancellationToken cancellationToken) => runner.RunAsync(Wg, ["showconf", name], "", cancellationToken);

    /// <summary>Reads the interface; see <see cref="WgDump"/>.</summary>
    /// <exception cref="WgException">There is no such interface, or wg refused.</exception>
    public Task DumpAsync(string name, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        runner.RunAsync(Wg, ["show", name, "dump"], ReadOnlyMemory<byte>.Empty, output, cancellationToken);

    /// <summary>Adds peers, or gives those that are there new allowed IPs and preshared keys. Others are not touched.</summary>
    /// <exception cref="WgException">wg refused.</exception>
    public Task SetPeersAsync(string name, IReadOnlyCollection<PeerTarget> peers, CancellationToken cancellationToken) =>
        SetPeersAsync(name, peers, peer => (peer, null), cancellationToken);

    private async Task SetPeersAsync<T>(
        string name, IReadOnlyCollection<T> peers, Func<T, (PeerTarget Peer, string? Endpoint)> section, CancellationToken cancellationToken)
    {
        foreach (var chunk in peers.Chunk(PeersPerCall))
        {
            var text = new StringBuilder(chunk.Length * 200);
            foreach (var (peer, endpoint) in chunk.Select(section))
            {
                text.Append("[Peer]\nPublicKey = ").Append(peer.Key)
                    .Append("\nPresharedKey = ").Append(peer.PresharedKey?.Reveal() ?? PresharedKey.None)
                    .Append('\n');
                if (peer.AllowedIPs.Length > 0) // none: wg takes those away that a peer has and its section does not name, and no empty list
                {
                    text.Append("AllowedIPs = ").Append(peer.AllowedIPs).Append('\n');
                }

                if (endpoint is not null)
                {
                    text.Append("Endpoint = ").Append(endpoint).Append('\n');
                }
            }

            await runner.RunAsync(Wg, ["addconf", name, "/dev/stdin"], text.ToString(), cancellationToken);
        }
    }

    /// <exception cref="WgException">wg refused.</exception>
    public async Task RemovePeersAsync(string name, IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        foreach (var chunk in keys.Chunk(RemovalsPerCall))
        {
            List<string> arguments = ["set", name];
            foreach (var key in chunk)
            {
                arguments.AddRange(["peer", key.ToString(), "remove"]);
            }

            await runner.RunAsync(Wg, arguments, "", cancellationToken);
        }
    }

    /// <summary>Tells the interface where peers can be reached. Their keys and allowed IPs are given again: wg takes away what a section lacks.</summary>
    /// <exception cref="WgException">wg refused.</exception>
    public Task SetEndpointsAsync(string name, IReadOnlyCollection<(PeerTarget Peer, string Endpoint)> peers, CancellationToken cancellationToken) =>
        SetPeersAsync(name, peers, peer => (peer.Peer, peer.Endpoint), cancellationToken);

    /// <summary>Gives the interface its key. Sessions of peers stay.</summary>
    /// <exception cref="WgException">wg refused.</exception>
    public Task SetKeyAsync(string name, Secret privateKey, CancellationToken cancellationToken) =>
        runner.RunAsync(Wg, ["set", name, "private-key", "/dev/stdin"], privateKey.Reveal() + "\n", cancellationToken);

    /// <exception cref="WgException">wg refused, for example because another program has the port.</exception>
    public Task SetPortAsync(string name, int listenPort, CancellationToken cancellationToken) =>
        runner.RunAsync(Wg, ["set", name, "listen-port", listenPort.ToString(CultureInfo.InvariantCulture)], "", cancellationToken);

    /// <summary>True when there is an interface of this name with this key.</summary>
    public async Task<bool> HasKeyAsync(string name, PublicKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await runner.RunAsync(Wg, ["show", name, "public-key"], "", cancellationToken)).Trim() == key.ToString();
        }
        catch (WgException)
        {
            return false;
        }
    }
}
