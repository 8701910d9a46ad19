using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Dashboard;

[Authorize(Policy = Access.Viewer)]
[ShowsPeers]
internal sealed class IndexModel(
    HubStore hubs, HubState state, SpokeStore spokes, TokenStore tokens, LeaseStore leases, LivePeers live, Database database,
    TimeProvider time) : PageModel
{
    private const int NewestShown = 5;
    private const int KeysShown = 10;

    public HubConfig? Hub { get; } = hubs.Current;

    public HubState State { get; } = state;

    /// <summary>What became of the database's files while the hub ran; null when they are in place.</summary>
    public string? DatabaseLost => database.Lost;

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public SpokeCounts Spokes { get; private set; } = new(0, 0, 0, 0, 0);

    public long PendingTokens { get; private set; }

    public (long Taken, long Total) Addresses { get; private set; }

    public IReadOnlyList<SpokeRow> Newest { get; private set; } = [];

    public IActionResult OnGet()
    {
        if (Hub is not null)
        {
            Spokes = spokes.Count();
            PendingTokens = tokens.CountPending(Now);
            Addresses = leases.Usage() ?? default;
            Newest = [.. spokes.List(new(null, null, null, null, SpokeSort.Registered, true), new(1, NewestShown)).Rows
                .Select(spoke => new SpokeRow(live.Refresh(spoke), Now, false, SpokeFilter.All))];
        }

        return this.PageOr("_Live");
    }

    /// <summary>The first peers of a drift, each with what was wrong; one that the hub knows, by its name.</summary>
    public IReadOnlyList<(string What, string Who)> PeersOf(DriftEvent drift)
    {
        IReadOnlyList<(string What, PublicKey Key)> shown =
        [
            .. drift.Missing.Select(key => ("missing", key))
                .Concat(drift.Changed.Select(key => ("changed", key)))
                .Concat(drift.Unknown.Select(key => ("unknown", key)))
                .Take(KeysShown),
        ];
        var names = spokes.NamesOf(Hub!.Id, shown.Select(peer => peer.Key));
        return [.. shown.Select(peer => (peer.What, names.GetValueOrDefault(peer.Key) ?? peer.Key.ToString()))];
    }

    public static int MoreThanShown(DriftEvent drift) => drift.Missing.Count + drift.Changed.Count + drift.Unknown.Count - KeysShown;
}
