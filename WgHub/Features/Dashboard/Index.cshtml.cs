using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Dashboard;

[Authorize(Policy = Access.Viewer)]
internal sealed class IndexModel(
    HubStore hubs, HubState state, SpokeStore spokes, TokenStore tokens, LeaseStore leases, LivePeers live, TimeProvider time) : PageModel
{
    private const int NewestShown = 5;
    private const int KeysShown = 10;

    public HubConfig? Hub { get; } = hubs.Current;

    public HubState State { get; } = state;

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public SpokeCounts Spokes { get; private set; } = new(0, 0, 0, 0);

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
            Newest = [.. spokes.List(new(null, null, null, null, SpokeSort.Registered, true, NewestShown, 0)).Spokes
                .Select(spoke => new SpokeRow(live.Refresh(spoke), Now, false, SpokeFilter.All))];
        }

        return this.PageOr("_Live");
    }

    /// <summary>The peers of a drift, each with what was wrong; a peer that the hub knows by its name.</summary>
    public IReadOnlyList<(string What, string Who)> PeersOf(DriftEvent drift)
    {
        IReadOnlyList<(string What, WireGuard.PublicKey Key)> all =
        [
            .. drift.Missing.Select(key => ("missing", key)),
            .. drift.Changed.Select(key => ("changed", key)),
            .. drift.Unknown.Select(key => ("unknown", key)),
        ];
        var names = spokes.NamesOf(all.Take(KeysShown).Select(peer => peer.Key));
        return [.. all.Take(KeysShown).Select(peer => (peer.What, names.GetValueOrDefault(peer.Key) ?? peer.Key.ToString()))];
    }
}
