namespace WgHub.Features.Networks;

/// <summary>Which of a network's two spokes is to carry it. Pure.</summary>
internal static class Standby
{
    /// <param name="isFresh">True while the hub hears of that spoke.</param>
    /// <param name="viaFor">For how long the first one has been heard without a break; null while it is not.</param>
    /// <param name="returnAfter">See <see cref="NetworksOptions.ReturnSeconds"/>.</param>
    /// <returns>Who takes it, and why; null when it stays.</returns>
    public static (Gateway To, string Why)? Decide(Network network, Func<Gateway, bool> isFresh, TimeSpan? viaFor, TimeSpan returnAfter)
    {
        var (via, standby, active) = (network.Via, network.Standby, network.Active);
        var others = new[] { via, standby }.OfType<Gateway>().Where(one => one.SpokeId != active?.SpokeId).ToList();
        if (active is null || !isFresh(active))
        {
            // Whoever is gone for good leaves it to the one that is left, heard or not.
            return others.Find(other => isFresh(other)) is { } heard ? (heard, active is null ? "nobody carried it" : $"{active.Name} is silent")
                : active is null && others is [var only, ..] ? (only, "nobody carried it")
                : null;
        }

        return via is not null && active.SpokeId != via.SpokeId && !network.IsHeld && viaFor >= returnAfter ? (via, $"{via.Name} is back") : null;
    }
}
