using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>Turns a token and a public key into a spoke, and waits until it is live.</summary>
internal sealed class Registration(Database database, TokenUse use, PeerChanges changes, LivePeers live, TimeProvider time)
{
    /// <summary>Registers; returns when the peer is durable in the database and live on the interface.</summary>
    /// <param name="address">Where the caller is; null when that is not known.</param>
    /// <exception cref="AppException">
    /// VALIDATION_FAILED, INVALID_PUBLIC_KEY, TOKEN_NOT_FOUND, TOKEN_ALREADY_USED, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_WRONG_PLATFORM,
    /// DUPLICATE_PUBLIC_KEY, FORBIDDEN.
    /// </exception>
    /// <exception cref="WgException">The peer is durable but not live: the same call again puts that right.</exception>
    public async Task<Registered> RegisterAsync(RegisterSpoke request, string? address, CancellationToken cancellationToken)
    {
        var facts = SpokeFacts.From(request);
        var (secret, key) = (TokenSecret.Parse(request.Token), SpokeKey.Parse("publicKey", request.PublicKey));
        var registered = await database.WriteAsync(tx => use.Take(tx, secret, new(key, facts, address)), cancellationToken);
        var spoke = registered.Spoke;
        if (!spoke.IsWantedAt(time.GetUtcNow()))
        {
            throw EnrolmentErrors.SwitchedOff(spoke.Name);
        }

        await changes.MirrorAsync(spoke.Hub, [.. registered.FormerKeys, key], cancellationToken);
        foreach (var gone in registered.FormerKeys)
        {
            live.Remove(gone);
        }

        return registered with { Spoke = live.Refresh(spoke) };
    }
}
