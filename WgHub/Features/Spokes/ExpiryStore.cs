using WgHub.Storage;

namespace WgHub.Features.Spokes;

/// <summary>A spoke whose end is near or over.</summary>
internal sealed record ExpiringSpoke(string Id, string Name, DateTimeOffset ExpiresAt);

/// <summary>Which ends were told. One column serves both tellings: told before the end is the warning, told after it is the end itself.</summary>
internal sealed class ExpiryStore(Database database)
{
    /// <summary>Those that are switched on, whose end comes within <see cref="Spoke.ExpiryNotice"/> or has come, and of which that is not told yet.</summary>
    public IReadOnlyList<ExpiringSpoke> Untold(DateTimeOffset now) => database.Read(tx => Untold(tx, now));

    public IReadOnlyList<ExpiringSpoke> Untold(Tx tx, DateTimeOffset now) => tx.Query(
        $"""
        select spokes.id, leases.name, spokes.expires_at from spokes join leases on leases.spoke_id = spokes.id
        where spokes.enabled and spokes.expires_at <= {now + Spoke.ExpiryNotice}
            and (spokes.expiry_told_at is null or (spokes.expiry_told_at < spokes.expires_at and spokes.expires_at <= {now}))
        order by spokes.expires_at
        """,
        row => new ExpiringSpoke(row.Text("id"), row.Text("name"), row.Time("expires_at")));

    public void Told(Tx tx, string id, DateTimeOffset now) =>
        tx.Execute($"update spokes set expiry_told_at = {now} where id = {id}");
}
