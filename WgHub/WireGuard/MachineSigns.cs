using System.Buffers;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>An interface as it is on this machine.</summary>
/// <param name="Key">Null when it has none, or when wg does not tell.</param>
/// <param name="Port">0 when it has none.</param>
/// <param name="LatestHandshakeSeconds">The newest of all its peers, in Unix time; 0 for never.</param>
internal sealed record InterfaceSigns(Link Link, PublicKey? Key, int Port, int Peers, long LatestHandshakeSeconds)
{
    /// <summary>What wg said; null when it answered.</summary>
    public string? Failure { get; init; }
}

/// <summary>What is looked at when somebody asks why no tunnel works: the programs, the interface and what lies around it. Changes nothing.</summary>
internal sealed class MachineSigns(CommandRunner runner, WgTool wg, LinkTool links, NftTool nft, IOptions<WireGuardOptions> options)
{
    /// <summary>A public address, to ask for the way of a default route.</summary>
    private const string Anywhere = "1.1.1.1";

    /// <inheritdoc cref="InterfaceGeneration.HasInterface"/>
    public static bool HasInterface(string name) => InterfaceGeneration.HasInterface(name);

    /// <summary>Runs each of the programs that are there, so that it tells its version.</summary>
    /// <returns>Sentences about those that do not run.</returns>
    public async Task<IReadOnlyList<string>> BrokenProgramsAsync(CancellationToken cancellationToken)
    {
        List<string> broken = [];
        foreach (var (program, argument) in Asked.Where(asked => Programs.Find(asked.Program) is not null))
        {
            try
            {
                await runner.RunAsync(program, [argument], "", cancellationToken);
            }
            catch (WgException exception)
            {
                broken.Add(exception.Message);
            }
        }

        return broken;
    }

    /// <returns>Null when there is none of this name.</returns>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<InterfaceSigns?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(name, cancellationToken) is not { } link)
        {
            return null;
        }

        var dump = new ArrayBufferWriter<byte>();
        try
        {
            await wg.DumpAsync(name, dump, cancellationToken);
            return Read(link, dump.WrittenSpan);
        }
        catch (Exception exception) when (exception is WgException or FormatException)
        {
            return new(link, null, 0, 0, 0) { Failure = exception.Message };
        }
    }

    /// <summary>The interface by which this machine reaches what is not near, and its MTU; null where there is no such way.</summary>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<(string Name, int Mtu)?> UplinkAsync(CancellationToken cancellationToken) =>
        await links.WayAsync(Anywhere, cancellationToken) is { } way && await links.FindAsync(way, cancellationToken) is { } link ? (way, link.Mtu) : null;

    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<bool> HasTableAsync(string name, CancellationToken cancellationToken) =>
        (await nft.ShapeAsync(NftScript.Table(name), cancellationToken)).Length > 0;

    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<bool> HasGuardAsync(string name, CancellationToken cancellationToken) =>
        (await links.RulesAsync("-4", cancellationToken)).Any(rule => rule.Iif == name && rule.Action == "prohibit");

    /// <summary>Other firewalls of this machine.</summary>
    public ForeignDrops OthersBeside(string name) => new(name, nft);

    private IEnumerable<(string Program, string Argument)> Asked =>
        [(options.Value.WgCommand, "--version"), (options.Value.IpCommand, "-Version"), (options.Value.NftCommand, "--version")];

    private static InterfaceSigns Read(Link link, ReadOnlySpan<byte> dump)
    {
        var (peers, latest) = (0, 0L);
        var device = new WgDump(dump);
        var (key, port) = (device.InterfaceKey, device.ListenPort);
        while (device.MoveNext())
        {
            peers++;
            latest = Math.Max(latest, device.Current.LatestHandshakeSeconds);
        }

        return new(link, key, port, peers, latest);
    }
}
