using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>Changes many spokes in one transaction, and the interface in one pass.</summary>
internal sealed class BulkService(Database database, SpokeStore spokes, SpokeService service, PeerChanges changes, LivePeers live)
{
    private static readonly SpokeEdit SwitchOff = new(new(Enabled: false));

    /// <returns>What became of each, in the order asked for, or by name.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED, LIST_CHANGED: nothing was changed.</exception>
    /// <exception cref="WgException">The change is kept; the next pass puts it on the interface. Of a removal, all are switched off, and the
    /// same call removes them.</exception>
    public Task<IReadOnlyList<BulkItem>> ApplyAsync(BulkWish wish, Actor actor, CancellationToken cancellationToken) =>
        wish.Edit is { } edit ? ChangeAsync(wish.Selection, edit, actor, cancellationToken) : RemoveAsync(wish.Selection, actor, cancellationToken);

    private async Task<IReadOnlyList<BulkItem>> ChangeAsync(SpokeSelection selection, SpokeEdit edit, Actor actor, CancellationToken cancellationToken)
    {
        List<(Spoke Before, Spoke After)> others = [];
        var items = await database.WriteAsync(
            actor,
            tx => ForEach(tx, selection, spoke =>
            {
                var (before, after) = service.Change(tx, spoke, edit);
                if (SpokeService.IsOtherPeer(before, after))
                {
                    others.Add((before, after));
                }

                return before == after ? BulkResult.Unchanged : BulkResult.Changed;
            }),
            cancellationToken);
        others.ForEach(other => service.NoteBack(other.Before, other.After));
        await changes.MirrorAsync(others.Select(other => other.After), cancellationToken);
        return items;
    }

    /// <summary>
    /// Off the interface first, while their rows still say whose the peers are: cut short in between, they are switched off. Were
    /// the rows gone first, so many unknown peers would look like a lost database, and be left on.
    /// </summary>
    private async Task<IReadOnlyList<BulkItem>> RemoveAsync(SpokeSelection selection, Actor actor, CancellationToken cancellationToken)
    {
        var found = await ChangeAsync(selection, SwitchOff, actor, cancellationToken);
        List<Spoke> removed = [];
        var items = await database.WriteAsync(
            actor,
            tx => ForEach(tx, selection with { Ids = [.. found.Select(item => item.Id)], Fingerprint = null }, spoke =>
            {
                service.Remove(tx, spoke, AuditEvents.SpokeRemoved);
                removed.Add(spoke);
                return BulkResult.Removed;
            }),
            cancellationToken);
        removed.ForEach(spoke => live.Remove(spoke.Key));

        // Those alone that somebody has switched on again meanwhile: taking off what is not there costs wireguard-go a millisecond each.
        await changes.MirrorAsync(removed.Where(spoke => spoke.Enabled), cancellationToken);
        return items;
    }

    private IReadOnlyList<BulkItem> ForEach(Tx tx, SpokeSelection selection, Func<Spoke, BulkResult> action)
    {
        if (selection.Ids is { } ids)
        {
            return [.. ids.Distinct()
                .Select(id => spokes.Find(tx, id) is { } spoke ? new BulkItem(id, spoke.Name, action(spoke)) : new(id, null, BulkResult.NotFound))];
        }

        var matching = spokes.All(tx, selection.Query);
        if (selection.Fingerprint is { } shown && shown != SpokeSelection.Of(matching))
        {
            throw SpokeErrors.ListChanged();
        }

        return [.. matching.Select(spoke => new BulkItem(spoke.Id, spoke.Name, action(spoke)))];
    }
}
