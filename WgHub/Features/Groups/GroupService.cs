using WgHub.Features.Audit;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Groups;

/// <summary>A group as people see it: decided about, or only named by spokes and tokens.</summary>
/// <param name="Routes">Null for the network.</param>
/// <param name="Tokens">Those that wait for their machine.</param>
internal sealed record GroupRow(string Name, SpokeRoutes? Routes, bool IsDecided, long Spokes, long Tokens);

/// <summary>What holds for all spokes of a group that have no choice of their own.</summary>
internal sealed class GroupService(Database database, SpokeStore spokes, TokenStore tokens, OwnHubRoutes hubRoutes)
{
    /// <summary>By name.</summary>
    public IReadOnlyList<GroupRow> List() => database.Read(tx =>
    {
        var decided = GroupStore.List(tx, tx.OwnHub).ToDictionary(group => group.Name);
        var (inSpokes, inTokens) = (spokes.CountByGroup(tx), tokens.CountOpenByGroup(tx));
        return (IReadOnlyList<GroupRow>)[.. decided.Keys.Union(inSpokes.Keys).Union(inTokens.Keys).Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new GroupRow(
                name, decided.GetValueOrDefault(name)?.Routes, decided.ContainsKey(name), inSpokes.GetValueOrDefault(name), inTokens.GetValueOrDefault(name)))];
    });

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Task SetAsync(string? name, RoutesWish? wish, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var group = checks.Required<string>("name", name, Label.TryParseGroup, Label.GroupRule);
        var routes = SpokeRoutes.Parse(checks, "routes", wish);
        checks.ThrowIfAny();
        hubRoutes.Checked(routes);
        return database.WriteAsync(
            actor,
            tx =>
            {
                var before = GroupStore.Find(tx, tx.OwnHub, group);
                if (before is null || before.Routes != routes)
                {
                    GroupStore.Set(tx, tx.OwnHub, group, routes);
                    tx.Audit(AuditEvents.GroupChanged, new(group, group), ("routes", $"{Told(before?.Routes)} → {Told(routes)}"));
                }
            },
            cancellationToken);
    }

    /// <summary>Nothing is decided for it any more; spokes and tokens keep its name.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task RemoveAsync(string name, Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            var group = GroupStore.Find(tx, tx.OwnHub, name) ?? throw WebErrors.NotFound("group");
            GroupStore.Remove(tx, tx.OwnHub, name);
            tx.Audit(AuditEvents.GroupRemoved, new(name, name), ("routes", group.Routes?.Text));
        },
        cancellationToken);

    private static string Told(SpokeRoutes? routes) => routes?.Text ?? SpokeRoutes.Network.Text;
}
