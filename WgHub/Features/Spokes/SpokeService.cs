using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A wish to change a spoke; null leaves a thing as it is.</summary>
internal sealed record ChangeSpoke(string? Name, bool? Enabled, string? Notes, Expiry? Expiry);

/// <param name="At">Null for never.</param>
internal sealed record Expiry(DateTimeOffset? At);

/// <summary>Changes and removes spokes. An answer comes when the interface agrees.</summary>
internal sealed class SpokeService(Database database, SpokeStore spokes, LeaseStore leases, PeerChanges changes, LivePeers live, AuditLog audit)
{
    private const int NotesLength = 2000;

    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED, NAME_IN_USE.</exception>
    /// <exception cref="WgException">The change is kept; the next pass puts it on the interface.</exception>
    public async Task<Spoke> ChangeAsync(string id, ChangeSpoke request, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var name = request.Name is null ? null : checks.Required<SpokeName?>("name", request.Name, SpokeName.TryParse, SpokeName.Rule);
        if (request.Notes is { } notes && (notes.Length > NotesLength || notes.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t')))
        {
            checks.Fail("notes", $"At most {NotesLength} characters, no control characters.");
        }

        checks.ThrowIfAny();
        var (before, after) = await database.WriteAsync(
            db =>
            {
                var spoke = spokes.Find(db, id) ?? throw SpokeErrors.NotFound();
                var changed = spoke with
                {
                    Name = name?.Text ?? spoke.Name,
                    Enabled = request.Enabled ?? spoke.Enabled,
                    ExpiresAt = request.Expiry is { } expiry ? expiry.At : spoke.ExpiresAt,
                    Notes = request.Notes ?? spoke.Notes,
                };
                if (changed == spoke)
                {
                    return (spoke, changed);
                }

                if (name is not null && changed.Name != spoke.Name)
                {
                    leases.Rename(db, id, name);
                }

                spokes.Update(db, changed);
                audit.Append(db, actor, "spoke.changed", id, [.. Differences(spoke, changed)]);
                return (spoke, changed);
            },
            cancellationToken);

        if (before.Enabled != after.Enabled || before.ExpiresAt != after.ExpiresAt)
        {
            await changes.MirrorAsync(after.Key, cancellationToken);
        }

        return live.Refresh(after);
    }

    /// <summary>Takes the spoke off the interface and frees its name and address.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    /// <exception cref="WgException">The row is gone; the next pass takes the peer off.</exception>
    public async Task RemoveAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            db =>
            {
                var spoke = spokes.Find(db, id) ?? throw SpokeErrors.NotFound();
                Remove(db, spoke, "spoke.removed", actor);
                return spoke;
            },
            cancellationToken);
        await TakeOffAsync(removed.Key, cancellationToken);
    }

    /// <summary>After the commit of a removal: forgets the peer and waits until it is off the interface.</summary>
    /// <exception cref="WgException">The next pass takes it off.</exception>
    public Task TakeOffAsync(PublicKey key, CancellationToken cancellationToken)
    {
        live.Remove(key);
        return changes.MirrorAsync(key, cancellationToken);
    }

    /// <summary>Removes the rows inside the caller's transaction; <see cref="TakeOffAsync"/> follows its commit.</summary>
    public void Remove(Microsoft.Data.Sqlite.SqliteConnection db, Spoke spoke, string @event, Actor actor)
    {
        spokes.Remove(db, spoke.Id);
        leases.Free(db, spoke.Id);
        audit.Append(db, actor, @event, spoke.Id, ("name", spoke.Name), ("address", spoke.Address), ("publicKey", spoke.Key.ToString()));
    }

    private static IEnumerable<(string Name, string? Value)> Differences(Spoke before, Spoke after)
    {
        if (before.Name != after.Name)
        {
            yield return ("name", $"{before.Name} → {after.Name}");
        }

        if (before.Enabled != after.Enabled)
        {
            yield return ("enabled", after.Enabled ? "true" : "false");
        }

        if (before.ExpiresAt != after.ExpiresAt)
        {
            yield return ("expiresAt", after.ExpiresAt is { } time ? UtcText.Of(time) : "never");
        }

        if (before.Notes != after.Notes)
        {
            yield return ("notes", "changed");
        }
    }
}
