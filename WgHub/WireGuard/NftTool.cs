using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>Runs nft(8) on the table of an interface. Others' tables are read, and never written.</summary>
internal sealed partial class NftTool(CommandRunner runner, IOptions<WireGuardOptions> options)
{
    /// <summary>Does all of a script, or nothing.</summary>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public Task ApplyAsync(string script, CancellationToken cancellationToken) => RunAsync(["-f", "-"], script, cancellationToken);

    /// <returns>Null when there is no such table.</returns>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<IReadOnlyDictionary<string, NftCount>?> CountersAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            return (await ListAsync(["list", "counters", "table", "inet", table], cancellationToken))
                .Select(one => one.Counter).OfType<NftCounter>().ToDictionary(one => one.Name, one => new NftCount(one.Packets, one.Bytes));
        }
        catch (WgException exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    /// <summary>
    /// The table as text, without what changes by itself. Of its sets only the names: so it does not grow with the number of peers.
    /// </summary>
    /// <returns>Empty when there is no such table.</returns>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<string> ShapeAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            return Counts().Replace(await RunAsync(["-t", "list", "table", "inet", table], "", cancellationToken), "");
        }
        catch (WgException exception) when (IsMissing(exception))
        {
            return "";
        }
    }

    /// <summary>What stands in a set or a map, as nft prints it.</summary>
    /// <param name="kind"><c>set</c> or <c>map</c>.</param>
    /// <remarks>One by one: nft 1.0.6 lists the sets of all tables or of one, and several in a script only when it had them listed before.</remarks>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<HashSet<string>> MembersAsync(string table, string kind, string set, CancellationToken cancellationToken) =>
    [
        .. Elements().Match(await RunAsync(["list", kind, "inet", table, set], "", cancellationToken)).Groups["members"].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>All base chains of this machine at a hook.</summary>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<IReadOnlyList<NftChain>> BaseChainsAsync(string hook, CancellationToken cancellationToken) =>
        [.. (await ListAsync(["list", "chains"], cancellationToken)).Select(one => one.Chain).OfType<NftChain>().Where(chain => chain.Hook == hook)];

    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<IReadOnlyList<NftRuleLine>> RulesAsync(NftChain chain, CancellationToken cancellationToken) =>
        [.. (await ListAsync(["list", "table", chain.Family, chain.Table], cancellationToken)).Select(one => one.Rule).OfType<NftRuleLine>()];

    /// <exception cref="WgException">nft refused.</exception>
    public Task DeleteAsync(string table, CancellationToken cancellationToken) =>
        ApplyAsync(string.Create(CultureInfo.InvariantCulture, $"add table inet {table}\ndelete table inet {table}\n"), cancellationToken);

    private async Task<IReadOnlyList<NftObject>> ListAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await RunAsync(["-j", "-t", .. arguments], "", cancellationToken), NftJson.Default.NftListing)?.Objects ?? [];
        }
        catch (JsonException exception)
        {
            throw new WgException($"nft {arguments[0]}: {exception.Message}", exception);
        }
    }

    private static bool IsMissing(WgException exception) => exception.Message.Contains("No such file or directory", StringComparison.Ordinal)
        && !exception.Message.Contains("could not be started", StringComparison.Ordinal);

    private Task<string> RunAsync(IReadOnlyList<string> arguments, string script, CancellationToken cancellationToken) =>
        runner.RunAsync(options.Value.NftCommand, arguments, script, cancellationToken);

    [GeneratedRegex(@"elements = \{(?<members>[^}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Elements();

    [GeneratedRegex("packets [0-9]+ bytes [0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
