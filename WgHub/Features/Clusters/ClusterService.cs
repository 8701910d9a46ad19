using WgHub.Features.Audit;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Clusters;

/// <summary>A wish to change a cluster; null leaves a thing as it is, an empty text takes it away.</summary>
internal sealed record ChangeCluster(string? Datacenter = null, string? Description = null);

/// <summary>Changes what people, and not nodes, say of a cluster.</summary>
internal sealed class ClusterService(Database database, ClusterStore clusters)
{
    public const int DescriptionLength = 2000;

    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED.</exception>
    public Task ChangeAsync(string id, ChangeCluster request, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var datacenter = checks.Optional<string>("datacenter", request.Datacenter, ClusterTokenService.TryParseDatacenter, ClusterTokenService.DatacenterRule)
            ?? "";
        var description = request.Description?.Trim() ?? "";
        if (description.Length > DescriptionLength || description.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t'))
        {
            checks.Fail("description", $"At most {DescriptionLength} characters, no control characters.");
        }

        checks.ThrowIfAny();
        return database.WriteAsync(
            actor,
            tx =>
            {
                var before = clusters.Find(tx, id) ?? throw ClusterErrors.NotFound();
                var after = before with
                {
                    Datacenter = request.Datacenter is null ? before.Datacenter : datacenter,
                    Description = request.Description is null ? before.Description : description,
                };
                if (after != before)
                {
                    clusters.Update(tx, after);
                    tx.Audit(AuditEvents.ClusterChanged, after.Subject, [.. Differences(before, after)]);
                }
            },
            cancellationToken);
    }

    private static IEnumerable<(string Name, string? Value)> Differences(Cluster before, Cluster after)
    {
        if (before.Datacenter != after.Datacenter)
        {
            yield return ("datacenter", $"{before.Datacenter} → {after.Datacenter}");
        }

        if (before.Description != after.Description)
        {
            yield return ("description", "changed");
        }
    }
}
