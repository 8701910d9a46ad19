using System.Globalization;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;

namespace WgHub.Features.Retention;

/// <summary>Takes away what is too old by the rules, or says what would go.</summary>
internal sealed partial class RetentionService(
    Database database, TokenStore tokens, BulkService bulk, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionService> logger)
    : IDisposable
{
    private const int NamesTold = 100;
    private const int TokensAStep = 200;

    /// <summary>So many spokes, and such a share of all, are not cut off by the hub itself: rather its clock is wrong, or it was off for long.</summary>
    private const int ManySpokes = 10;
    private const int ManyShare = 5;

    private readonly SemaphoreSlim _one = new(1, 1);

    public RetentionOptions Rules => options.Value;

    /// <summary>Null for never since the start.</summary>
    public DateTimeOffset? LastRun { get; private set; }

    /// <summary>What would go now, by rule.</summary>
    public IReadOnlyList<RetentionItem> Look() => database.Read(Look);

    /// <summary>Does what <see cref="Look()"/> says, and remembers it. What was changed stays, should a later rule fail.</summary>
    /// <param name="isByItself">True: nobody has looked at it, and what is held is left.</param>
    /// <returns>What went.</returns>
    public async Task<IReadOnlyList<RetentionItem>> RunAsync(bool isByItself, Actor actor, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var items = Look();
            var spokes = items.Single(item => item.Rule == "spokes");
            if (isByItself && spokes.Held)
            {
                LogHeld(spokes.Count);
                items = [.. items.Select(item => item.Held ? item with { Count = 0 } : item)];
            }
            else
            {
                await TreatSpokesAsync(actor, cancellationToken);
            }

            await RemoveTokensAsync(actor, cancellationToken);
            await CutAuditAsync(actor, cancellationToken);
            if (Rules.IsOn)
            {
                await database.WriteAsync(
                    actor,
                    tx => tx.Audit(
                        AuditEvents.RetentionRun, Subject.None,
                        [.. items.Where(item => item.Days > 0).Select(item => (item.Rule, (string?)item.Count.ToString(CultureInfo.InvariantCulture)))]),
                    cancellationToken);
            }

            LastRun = time.GetUtcNow();
            return items;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private IReadOnlyList<RetentionItem> Look(Tx tx)
    {
        var spokes = Spokes(tx);
        var before = Before(tx.Now, Rules.TokensForDays);
        return
        [
            Tokens(tx, "tokens", new("installation_tokens"), new("spoke_name"), TokenStore.Outdated(before)),
            Tokens(tx, "clusterTokens", new("cluster_tokens"), new("site"), ClusterTokenStore.Outdated(before)),
            Tokens(tx, "apiTokens", new("api_tokens"), new("name"), ApiTokenStore.Outdated(before)),
            new("spokes", Rules.SpokesForDays, Rules.SpokesThen, spokes.Count, [.. spokes.Take(NamesTold).Select(spoke => spoke.Name)])
            {
                Held = spokes.Count > ManySpokes && spokes.Count * ManyShare > SpokeStore.CountAll(tx),
            },
            new("audit", Rules.AuditForDays, "remove", Rules.AuditForDays == 0 ? 0 : AuditCut.Outdated(tx, Before(tx.Now, Rules.AuditForDays)), []),
        ];
    }

    private RetentionItem Tokens(Tx tx, string rule, SqlPart table, SqlPart name, SqlPart outdated) => Rules.TokensForDays == 0
        ? new(rule, 0, "remove", 0, [])
        : new(
            rule, Rules.TokensForDays, "remove", tx.Count($"select count(*) from {table} where {outdated}"),
            tx.Query($"select {name} as name from {table} where {outdated} order by name limit {NamesTold}", row => row.Text("name")));

    private IReadOnlyList<(string Id, string Name)> Spokes(Tx tx) => Rules.SpokesForDays == 0
        ? []
        : TrafficStore.Inactive(tx, Before(tx.Now, Rules.SpokesForDays), alsoDisabled: Rules.SpokesThen == BulkWish.Remove);

    private async Task TreatSpokesAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (database.Read(Spokes) is { Count: > 0 } spokes)
        {
            await bulk.ApplyAsync(
                new BulkDto([.. spokes.Select(spoke => spoke.Id)], Action: Rules.SpokesThen).ToWish(), actor, cancellationToken);
        }
    }

    private async Task RemoveTokensAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Rules.TokensForDays == 0)
        {
            return;
        }

        while (await database.WriteAsync(
            actor, tx => tokens.RemoveOutdated(tx, Before(tx.Now, Rules.TokensForDays), TokensAStep), cancellationToken) == TokensAStep)
        {
            // Step by step: others wait behind each.
        }

        await database.WriteAsync(
            actor,
            tx =>
            {
                ClusterTokenStore.RemoveOutdated(tx, Before(tx.Now, Rules.TokensForDays));
                ApiTokenStore.RemoveOutdated(tx, Before(tx.Now, Rules.TokensForDays));
            },
            cancellationToken);
    }

    private async Task CutAuditAsync(Actor actor, CancellationToken cancellationToken)
    {
        while (Rules.AuditForDays > 0
            && await database.WriteAsync(actor, tx => AuditCut.Step(tx, Before(tx.Now, Rules.AuditForDays)), cancellationToken) == AuditCut.MostAStep)
        {
            // Likewise.
        }
    }

    private static DateTimeOffset Before(DateTimeOffset now, int days) => now.AddDays(-days);

    [LoggerMessage(
        Level = LogLevel.Warning, EventName = "retention_held",
        Message = "{Count} spokes are silent for longer than Retention:SpokesForDays, more than the hub cuts off by itself: look at /retention.")]
    private partial void LogHeld(long count);
}
