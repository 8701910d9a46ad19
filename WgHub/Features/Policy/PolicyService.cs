using System.Collections.Concurrent;
using System.Text.Json;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>How a wish is to be saved.</summary>
/// <param name="Revision">The one that it was made from; null for whatever there is.</param>
/// <param name="PlanHash">What was shown; null when nothing was.</param>
/// <param name="ConfirmSeconds">How long to wait for a confirmation; null for none.</param>
/// <param name="Connection">Names the connection that it came over: one that was there before the change proves nothing.</param>
internal sealed record PolicySave(long? Revision, string? PlanHash, int? ConfirmSeconds, string Connection);

/// <summary>Changes rules: they are tried on the tests first, and an answer comes when the kernel has them.</summary>
internal sealed class PolicyService(Database database, PolicyStore policies, PeerChanges changes)
{
    private const int LeastSeconds = 10, MostSeconds = 600;

    private readonly ConcurrentDictionary<HubId, string> _savedOver = [];

    /// <summary>What a wish would do; nothing is changed.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED.</exception>
    public PolicyPlan Plan(HubId hub, PolicyWish wish) => database.Read(tx => Plan(tx, hub, wish));

    /// <summary>Answers a question by name.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED.</exception>
    public PolicyVerdict Check(HubId hub, string? from, string? to, string? protocol, int? port) => database.Read(tx =>
    {
        var state = Required(tx, hub);
        var reading = new PolicyReading(tx, policies, state);
        var (start, end) = (reading.Party("from", from), reading.Party("to", to));
        if (protocol is not null && !PolicyRule.Protocols.Contains(protocol))
        {
            throw WebErrors.Invalid("protocol", $"One of {string.Join(", ", PolicyRule.Protocols)}.");
        }

        return port is < 1 or > 65535
            ? throw WebErrors.Invalid("port", "A number from 1 to 65535.")
            : new PolicyCheck(state, policies.GroupOf).May(start, end, protocol ?? "any", port);
    });

    /// <returns>As it is now.</returns>
    /// <exception cref="AppException">
    /// VALIDATION_FAILED, HUB_NOT_INITIALIZED, POLICY_TEST_FAILED, REVISION_CONFLICT when others were quicker, PLAN_CHANGED.
    /// </exception>
    /// <exception cref="WgException">The rules are kept; the next pass brings them to the kernel.</exception>
    public async Task<PolicyState> SaveAsync(HubId hub, PolicyWish wish, PolicySave how, Actor actor, CancellationToken cancellationToken)
    {
        if (how.ConfirmSeconds is < LeastSeconds or > MostSeconds)
        {
            throw WebErrors.Invalid("confirmSeconds", $"A number from {LeastSeconds} to {MostSeconds}.");
        }

        var saved = await database.WriteAsync(actor, tx => Save(tx, hub, wish, how), cancellationToken);
        if (saved.ConfirmUntil is not null)
        {
            _savedOver[hub] = how.Connection;
        }

        await changes.MirrorAllAsync(hub, cancellationToken);
        return saved;
    }

    /// <summary>Keeps what waits.</summary>
    /// <param name="connection">Has to be another one than that of the change.</param>
    /// <exception cref="AppException">ROLLED_BACK when nothing waits any more, REVISION_CONFLICT.</exception>
    public Task<PolicyState> ConfirmAsync(HubId hub, long? revision, string connection, Actor actor, CancellationToken cancellationToken) =>
        _savedOver.TryGetValue(hub, out var before) && before == connection
            ? throw PolicyErrors.SameConnection()
            : database.WriteAsync(
                actor,
                tx =>
                {
                    var state = Required(tx, hub);
                    if (state.ConfirmUntil is not { } until || until <= tx.Now)
                    {
                        throw PolicyErrors.NothingToConfirm();
                    }

                    if (revision is not null && revision != state.Revision)
                    {
                        throw PolicyErrors.RevisionConflict(state.Revision);
                    }

                    PolicyStore.Confirm(tx, hub);
                    tx.Audit(AuditEvents.PolicyConfirmed, Subject.One(hub.Value), ("revision", $"{state.Revision}"));
                    return state with { ConfirmUntil = null };
                },
                cancellationToken);

    /// <summary>Brings the former rules of a hub back whose change nobody confirmed, and the kernel to them.</summary>
    /// <exception cref="WgException">The rules are back; the next pass brings them to the kernel.</exception>
    public async Task RollBackAsync(CancellationToken cancellationToken)
    {
        if (database.Read(PolicyStore.Unconfirmed).Count == 0)
        {
            return;
        }

        var hubs = await database.WriteAsync(
            tx =>
            {
                var late = PolicyStore.Unconfirmed(tx);
                foreach (var hub in late)
                {
                    RollBack(tx, hub);
                }

                return late;
            },
            cancellationToken);
        await Task.WhenAll(hubs.Select(hub => changes.MirrorAllAsync(hub, cancellationToken)));
    }

    private void RollBack(Tx tx, HubId hub)
    {
        if (policies.Find(tx, hub) is { } state
            && JsonSerializer.Deserialize(PolicyStore.Former(tx, hub) ?? "null", PolicyJson.Default.PolicyDocument) is { } former)
        {
            policies.Replace(tx, hub, state.Revision + 1, former, null);
            tx.Audit(AuditEvents.PolicyRolledBack, Subject.One(hub.Value), ("revision", $"{state.Revision}"));
        }
    }

    private PolicyState Save(Tx tx, HubId hub, PolicyWish wish, PolicySave how)
    {
        var plan = Plan(tx, hub, wish);
        var before = plan.Before;
        if (before.ConfirmUntil is not null)
        {
            throw PolicyErrors.WaitsForConfirmation();
        }

        if (how.Revision is { } revision && revision != before.Revision)
        {
            throw PolicyErrors.RevisionConflict(before.Revision);
        }

        if (how.PlanHash is { } hash && hash != plan.Hash)
        {
            throw PolicyErrors.PlanChanged();
        }

        if (plan.FailedTests.Count > 0)
        {
            throw PolicyErrors.TestFailed(string.Join("; ", plan.FailedTests.Take(5).Select(one => one.Test)));
        }

        if (plan.Diff.Count == 0)
        {
            return before;
        }

        DateTimeOffset? until = how.ConfirmSeconds is { } seconds ? tx.Now.AddSeconds(seconds) : null;
        var saved = plan.After with { Revision = before.Revision + 1, ConfirmUntil = until };
        policies.Replace(
            tx, hub, saved.Revision, saved.Document,
            until is { } end ? (JsonSerializer.Serialize(before.Document, PolicyJson.Default.PolicyDocument), end) : null);
        tx.Audit(
            AuditEvents.PolicyChanged, Subject.One(hub.Value), ("revision", $"{saved.Revision}"), ("changes", Told(plan.Diff)),
            ("confirmUntil", until?.ToString("u", System.Globalization.CultureInfo.InvariantCulture)));
        return saved;
    }

    private PolicyPlan Plan(Tx tx, HubId hub, PolicyWish wish)
    {
        var before = Required(tx, hub);
        var after = before with { Document = new PolicyReading(tx, policies, before).Read(wish) };
        return new(before, after, new PolicyCheck(after, policies.GroupOf).Failed(after.Document.Tests));
    }

    private PolicyState Required(Tx tx, HubId hub) => policies.Find(tx, hub) ?? throw LeaseErrors.HubNotInitialized();

    private static string Told(IReadOnlyList<string> lines) =>
        lines.Count <= 20 ? string.Join("; ", lines) : $"{string.Join("; ", lines.Take(20))} and {lines.Count - 20} more";
}
