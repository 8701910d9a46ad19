namespace WgHub.WireGuard;

/// <summary>What <see cref="ForeignDrops"/> finds of other firewalls, looked for anew only when some ruleset has changed.</summary>
internal sealed class ForeignChains(string name, ForeignDrops drops, NftGeneration generation)
{
    private (uint? Generation, IReadOnlyList<string> Found) _last = (null, []);

    /// <param name="tunnel">What lies behind the interface. Where it changes, our own table does.</param>
    /// <returns>Sentences; none where nothing stands in the way, or nft does not tell: that is told elsewhere.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<Cidr> tunnel, CancellationToken cancellationToken)
    {
        if (generation.Current() is var now && (now is null || now != _last.Generation))
        {
            try
            {
                _last = (now, [.. (await drops.OfForwardedAsync(tunnel, cancellationToken)).Select(drop => drop.Sentence(name))]);
            }
            catch (WgException)
            {
                _last = (null, []);
            }
        }

        return _last.Found;
    }
}
