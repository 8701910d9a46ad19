using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>The spoke's own uninstall: the token and the key that it was registered with prove it. Once more is no error.</summary>
internal sealed class Unregistration(Database database, OwnToken own, TokenStore tokens, SpokeService spokeService)
{
    /// <exception cref="AppException">INVALID_PUBLIC_KEY, TOKEN_NOT_FOUND, TOKEN_ALREADY_USED, NOT_FOUND.</exception>
    /// <exception cref="WgException">The row is gone; the next pass takes the peer off.</exception>
    public async Task UnregisterAsync(UnregisterSpoke request, string? address, CancellationToken cancellationToken)
    {
        var (secret, key) = (TokenSecret.Parse(request.Token), SpokeKey.Parse("publicKey", request.PublicKey));
        var (hub, peer) = await database.WriteAsync(
            tx =>
            {
                var (token, found) = own.Prove(tx, secret, key);
                if (found is not { } spoke)
                {
                    return (token.Hub, key);
                }

                spokeService.Remove(tx.As(Actor.Spoke(spoke.Name, address)), spoke, AuditEvents.SpokeUnregistered);
                tokens.Revoke(tx, token, tx.Now);
                return (spoke.Hub, spoke.Key);
            },
            cancellationToken);
        await spokeService.TakeOffAsync(hub, peer, cancellationToken);
    }
}
