using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>
/// Makes, changes, moves and removes networks. An answer comes when the peers that carry them and the machine's routes agree.
/// </summary>
internal sealed class NetworkService(
    Database database, NetworkStore networks, SpokeStore spokes, PeerChanges changes, MachineLook machine, HubGround ground)
{
    /// <exception cref="AppException">VALIDATION_FAILED, NAME_IN_USE, NETWORK_OVERLAP, HUB_NOT_INITIALIZED.</exception>
    /// <exception cref="WgException">
    /// ip refused, and nothing was done; or wg did: then the network is kept, and the next pass puts it on the interface.
    /// </exception>
    public async Task<Network> CreateAsync(NetworkWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var fields = wish.Read(null);
        var reached = fields.IsBehindHub ? [] : await ReachedAsync(fields.Cidr, cancellationToken);
        var made = await database.WriteAsync(
            actor,
            tx =>
            {
                var network = fields.ApplyTo(null, tx, spokes);
                Check(tx, network, reached);
                if (!networks.TryAdd(tx, network))
                {
                    throw NetworkErrors.NameInUse(network.Name.Text); // who has the same addresses was refused before
                }

                tx.Audit(AuditEvents.NetworkCreated, network.Subject, [.. NetworkDifference.All(network)]);
                return network;
            },
            cancellationToken);
        await FollowAsync(null, made, cancellationToken);
        return made;
    }

    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED, NAME_IN_USE, NETWORK_OVERLAP.</exception>
    /// <exception cref="WgException">As of <see cref="CreateAsync"/>.</exception>
    public async Task<Network> ChangeAsync(string id, NetworkWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var known = networks.Find(id) ?? throw NetworkErrors.NotFound();
        var reached = wish.Cidr is null && wish.Via is null ? [] : await ReachedAsync(wish.Read(known).Cidr, cancellationToken);
        var (before, after) = await database.WriteAsync(
            actor,
            tx =>
            {
                var before = networks.Find(tx, id) ?? throw NetworkErrors.NotFound();
                var after = wish.Read(before).ApplyTo(before, tx, spokes);
                if (after == before)
                {
                    return (before, after);
                }

                // What an import brought may lie in another one: it may be renamed all the same.
                if (IsElsewhere(before, after))
                {
                    Check(tx, after, after.IsBehindHub ? [] : reached);
                }

                if (after.Name.Key != before.Name.Key && networks.All(tx, tx.OwnHub).Any(other => other.Name.Key == after.Name.Key))
                {
                    throw NetworkErrors.NameInUse(after.Name.Text);
                }

                networks.Update(tx, after);
                tx.Audit(AuditEvents.NetworkChanged, after.Subject, [.. NetworkDifference.Between(before, after)]);
                return (before, after);
            },
            cancellationToken);
        await FollowAsync(before, after, cancellationToken);
        return after;
    }

    /// <exception cref="AppException">NOT_FOUND.</exception>
    /// <exception cref="WgException">The network is gone; the next pass takes it off its peer.</exception>
    public async Task RemoveAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            actor,
            tx =>
            {
                var network = networks.Find(tx, id) ?? throw NetworkErrors.NotFound();
                networks.Remove(tx, id);
                tx.Audit(AuditEvents.NetworkRemoved, network.Subject, ("cidr", network.Cidr.ToString()), ("via", network.Behind));
                return network;
            },
            cancellationToken);
        await FollowAsync(removed, null, cancellationToken);
    }

    /// <summary>Lets the other of its two spokes carry a network, until that one is silent or somebody moves it again.</summary>
    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED: it is none of the two.</exception>
    /// <exception cref="WgException">It is moved; the next pass tells the interface.</exception>
    public Task<Network> MoveAsync(string id, string? to, Actor actor, CancellationToken cancellationToken) =>
        MoveAsync(id, network => (to == network.Via?.SpokeId ? network.Via : to == network.Standby?.SpokeId ? network.Standby : null)
            ?? throw WebErrors.Invalid("to", "The id of one of the network's two spokes."), "by hand", actor, cancellationToken);

    /// <inheritdoc cref="MoveAsync(string, string?, Actor, CancellationToken)"/>
    /// <param name="choose">Who is to carry it, seen inside the transaction; null: it stays.</param>
    /// <param name="why">For the audit log.</param>
    public async Task<Network> MoveAsync(string id, Func<Network, Gateway?> choose, string why, Actor actor, CancellationToken cancellationToken)
    {
        var (before, after) = await database.WriteAsync(
            actor,
            tx =>
            {
                var before = networks.Find(tx, id) ?? throw NetworkErrors.NotFound();
                if (choose(before) is not { } to)
                {
                    return (before, before);
                }

                // Home needs no holding; and who took over by itself goes back by itself.
                var after = before with { ActiveId = to.SpokeId, IsHeld = actor != Actor.System && to.SpokeId == before.Standby?.SpokeId };
                if (after == before)
                {
                    return (before, before);
                }

                after = before.ActiveId == after.ActiveId ? after : after with { ActiveSince = tx.Now };
                networks.Update(tx, after);
                if (before.ActiveId != after.ActiveId)
                {
                    tx.Audit(
                        AuditEvents.NetworkMoved, after.Subject, ("cidr", after.Cidr.ToString()), ("to", to.Name), ("from", before.Active?.Name ?? "nobody"),
                        ("because", why));
                }

                return (before, after);
            },
            cancellationToken);
        await FollowAsync(before, after, cancellationToken);
        return after;
    }

    /// <summary>Whether the machine seems to have no way to a network that lies behind it; see <see cref="NetworkRules.WarningOf"/>.</summary>
    public async Task<string?> WarningAsync(Network network, CancellationToken cancellationToken)
    {
        try
        {
            return network.IsBehindHub ? NetworkRules.WarningOf(network.Cidr, await ReachedAsync(network.Cidr, cancellationToken)) : null;
        }
        catch (WgException)
        {
            return null; // it is no more than a warning
        }
    }

    private void Check(Tx tx, Network network, IReadOnlyList<Cidr> reached)
    {
        var own = ground.Find(tx) ?? throw LeaseErrors.HubNotInitialized();
        NetworkRules.RefuseOverlap(network, own.Networks, networks.All(tx, tx.OwnHub));
        if (!network.IsBehindHub)
        {
            NetworkRules.RefuseReached(network.Cidr, reached);
        }
    }

    private async Task<IReadOnlyList<Cidr>> ReachedAsync(Cidr network, CancellationToken cancellationToken) =>
        database.Read(ground.Find) is { } own ? await machine.ReachedBesideAsync(own.Interface, network.IsIPv6, cancellationToken) : [];

    /// <summary>
    /// Tells the interface whose allowed IPs are others now, then the rest: routes, and the rules that name the network. Who gets a network comes
    /// first: WireGuard takes it from the one before in that very step, so that there is no moment in which nobody has it.
    /// </summary>
    private async Task FollowAsync(Network? before, Network? after, CancellationToken cancellationToken)
    {
        if (before == after)
        {
            return;
        }

        var hub = (after ?? before)!.Hub;
        if (before?.Active?.Key != after?.Active?.Key || before?.Cidr != after?.Cidr)
        {
            await changes.MirrorAsync(hub, [.. new[] { after?.Active?.Key, before?.Active?.Key }.OfType<PublicKey>().Distinct()], cancellationToken);
        }

        await changes.MirrorAllAsync(hub, cancellationToken);
    }

    private static bool IsElsewhere(Network before, Network after) =>
        before.Cidr != after.Cidr || before.IsBehindHub != after.IsBehindHub
        || before.Via?.SpokeId != after.Via?.SpokeId || before.Standby?.SpokeId != after.Standby?.SpokeId;
}
