using WgHub.Storage;

namespace WgHub.Features.Tls.Acme;

/// <summary>The last time an authority was asked.</summary>
/// <param name="Names">What it was asked for, by comma.</param>
/// <param name="Failures">In a row; 0 when it gave the certificate.</param>
/// <param name="NextAt">Not before then is it asked again; after a success its certificate says when.</param>
/// <param name="Problem">What to do about the failure, for a person.</param>
/// <param name="Said">The authority's own words.</param>
internal sealed record AcmeOrder(string Directory, string Names, int Failures, DateTimeOffset TriedAt, DateTimeOffset NextAt, string? Problem, string? Said)
{
    public bool IsFor(AcmeWish wish) => Directory == wish.Directory && Names == NamesOf(wish);

    public static string NamesOf(AcmeWish wish) => string.Join(", ", wish.Names);
}

/// <summary>Remembers the last order: an authority's limits do not begin anew when the hub does.</summary>
internal sealed class AcmeOrderStore(Database database)
{
    public AcmeOrder? Last => database.Read(tx => tx.First(
        $"select directory, names, failures, tried_at, next_at, problem, said from acme_orders",
        row =>
            new AcmeOrder(
                row.Text("directory"), row.Text("names"), row.Int("failures"), row.Time("tried_at"), row.Time("next_at"),
                row.TextOrNull("problem"), row.TextOrNull("said"))));

    public void Save(Tx tx, AcmeOrder order)
    {
        tx.Execute($"delete from acme_orders");
        tx.Execute(
            $"""
            insert into acme_orders (directory, names, failures, tried_at, next_at, problem, said)
            values ({order.Directory}, {order.Names}, {order.Failures}, {order.TriedAt}, {order.NextAt},
                {order.Problem}, {order.Said})
            """);
    }
}
