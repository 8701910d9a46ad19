using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Storage;

namespace WgHub.Features.Spokes;

/// <summary>What a list of spokes is narrowed to and sorted by, in SQL.</summary>
internal static class SpokeConditions
{
    private const int KeyLetters = 8;

    private static readonly SqlPart OfThisLife = new("(peers.last_handshake_at >= coalesce(peers.handshakes_from, 0))");

    /// <summary>All of it: names are joined.</summary>
    public static SqlPart Matching(SpokeQuery query, HubRoutes? hub, DateTimeOffset now)
    {
        var where = Narrowed(query, hub, now);
        if (query.Search is { Length: > 0 } search)
        {
            var part = SpokeName.KeyOf(search); // SQL lowers ASCII alone: an owner is found as it is written, too
            where = where.And(
                $"""
                {Sql.Contains("leases.name_key", part)} or {Sql.Contains("leases.address", search)} or {Sql.Contains("lower(spokes.owner)", part)}
                or {Sql.Contains("spokes.owner", search)}
                or {Sql.Contains("lower(spokes.group_name)", part)} or {Sql.Contains("spokes.tags", part)} or {Sql.Contains("spokes.host_name", part)}
                or {Sql.Contains("peers.endpoint", search)} or {KeyBegins(search)}
                """);
        }

        return where;
    }

    /// <summary>All but the search, which goes by the lease.</summary>
    public static SqlPart Narrowed(SpokeQuery query, HubRoutes? hub, DateTimeOffset now)
    {
        var where = query.Labels.And(new SqlPart("true"));
        if (query.Status is { } status)
        {
            where = where.And($"{StatusIs(status, now)}");
        }

        if (query.Os is { Length: > 0 } os)
        {
            where = where.And($"spokes.os = {os}");
        }

        if (query.Cluster is { Length: > 0 } cluster)
        {
            where = where.And($"spokes.id in (select spoke_id from node_facts where cluster_name = {cluster})");
        }

        if (query.RoutesBehind == true && hub is not null)
        {
            where = where.And($"{hub.IsBehind()}");
        }

        if (query.RoutesBehind == false && hub is not null)
        {
            where = where.And($"not ({hub.IsBehind()})");
        }

        if (query.ExpiresWithinDays is { } days)
        {
            where = where.And($"{ExpiresWithin(TimeSpan.FromDays(days), now)}");
        }

        return where;
    }

    /// <summary>As much of a public key as pages and <c>wg show</c> are read by; less would be found in keys by chance.</summary>
    private static SqlPart KeyBegins(string search) =>
        search.Length < KeyLetters ? new("false")
            : SqlPart.Of($"spokes.id in (select spoke_id from peers where public_key >= {search} and public_key < {search + '~'})");

    /// <summary>The same rule as <see cref="Spoke.StatusAt"/>, in SQL.</summary>
    public static SqlPart StatusIs(SpokeStatus status, DateTimeOffset now)
    {
        var fresh = now - Spoke.HandshakeLife;
        var wanted = PeerStore.IsWanted(now);
        return status switch
        {
            SpokeStatus.Active => SqlPart.Of($"{wanted} and peers.last_handshake_at > {fresh} and {OfThisLife}"),
            SpokeStatus.Inactive => SqlPart.Of($"{wanted} and (peers.last_handshake_at <= {fresh} or not {OfThisLife})"),
            SpokeStatus.Pending => SqlPart.Of($"{wanted} and peers.last_handshake_at is null"),
            SpokeStatus.Expired => SqlPart.Of($"spokes.enabled and spokes.expires_at <= {now}"),
            _ => SqlPart.Of($"not spokes.enabled"),
        };
    }

    /// <summary>The state's name, as an expression.</summary>
    public static SqlPart StatusName(DateTimeOffset now) => SqlPart.Of(
        $"""
        case when {StatusIs(SpokeStatus.Active, now)} then 'Active'
            when {StatusIs(SpokeStatus.Inactive, now)} then 'Inactive'
            when {StatusIs(SpokeStatus.Pending, now)} then 'Pending'
            when {StatusIs(SpokeStatus.Disabled, now)} then 'Disabled'
            else 'Expired' end
        """);

    public static SqlPart ExpiresWithin(TimeSpan span, DateTimeOffset now) =>
        SqlPart.Of($"spokes.expires_at > {now} and spokes.expires_at <= {now + span}");

    /// <summary>By name, where all else is equal.</summary>
    public static SqlPart Order(SpokeQuery query) => new($"{Column(query.Sort)} {(query.Descending ? "desc" : "asc")}, leases.name_key");

    private static string Column(SpokeSort sort) => sort switch
    {
        SpokeSort.Address => "leases.slot",
        SpokeSort.Handshake => "coalesce(peers.last_handshake_at, 0)",
        SpokeSort.Traffic => "peers.received_bytes + peers.sent_bytes",
        SpokeSort.Registered => "spokes.registered_at",
        _ => "leases.name_key",
    };
}
