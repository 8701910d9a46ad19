using WgHub.Features.Labels;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Which spokes a list shows.</summary>
/// <param name="Search">
/// Part of a name, address, owner, group, tag, of what the machine calls itself or of where it was last seen, case-blind; or how a public key
/// begins, from 8 letters on.
/// </param>
/// <param name="Cluster">Name of a Proxmox cluster.</param>
/// <param name="Sort">One of <see cref="SpokeSort"/>.</param>
internal sealed record SpokeQuery(SpokeStatus? Status, string? Os, string? Cluster, string? Search, SpokeSort Sort, bool Descending)
{
    public LabelFilter Labels { get; init; } = LabelFilter.Any;

    /// <summary>Those alone whose time ends within so many days, and is not over.</summary>
    public int? ExpiresWithinDays { get; init; }

    /// <summary>Those alone whose machine is known to have other routes than it should, or with false the others; null for all.</summary>
    public bool? RoutesBehind { get; init; }

    /// <summary>All that match, by name, from what a program sent.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static SpokeQuery From(string? status, string? os, string? cluster, string? search, LabelFilter labels, int? expiresWithinDays)
    {
        var checks = new FieldChecks();
        var wanted = SpokeStatusText.TryParse(status, out var parsed) ? parsed : (SpokeStatus?)null;
        if (status is { Length: > 0 } && wanted is null)
        {
            checks.Fail("status", "One of pending, active, inactive, disabled, expired.");
        }

        checks.Range("expiresWithinDays", expiresWithinDays, 1, SpokeFilter.MostDays, 1);
        checks.ThrowIfAny();
        return new(wanted, os, cluster, search, SpokeSort.Name, false) { Labels = labels, ExpiresWithinDays = expiresWithinDays };
    }
}

internal enum SpokeSort
{
    Name,
    Address,
    Handshake,
    Traffic,
    Registered,
}

/// <param name="Owners">The first of them: there may be as many as spokes.</param>
internal sealed record SpokeChoices(
    IReadOnlyList<string> Systems, IReadOnlyList<string> Clusters, IReadOnlyList<string> Groups, IReadOnlyList<string> Tags, IReadOnlyList<string> Owners)
{
    public static readonly SpokeChoices None = new([], [], [], [], []);
}

/// <summary>Number of spokes in each state.</summary>
/// <param name="Expiring">Of all, those whose end is near.</param>
internal sealed record SpokeCounts(long Total, long Active, long Inactive, long Pending, long Expiring)
{
    /// <summary>Disabled or expired.</summary>
    public long Off => Total - Active - Inactive - Pending;
}
