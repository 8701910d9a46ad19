using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>How a spoke proves itself outside of its tunnel: by the token that it registered with, and its key.</summary>
internal sealed class OwnToken(TokenDoor door, SpokeStore spokes, RotationStore rotations)
{
    /// <returns>The spoke is null when it is gone, or was given a new key since: then it is not this caller's any more.</returns>
    /// <exception cref="AppException">TOKEN_NOT_FOUND; NOT_FOUND when nobody has registered with it, TOKEN_ALREADY_USED when another key has.</exception>
    public (Token Token, Spoke? Spoke) Prove(Tx tx, TokenSecret secret, PublicKey key)
    {
        var token = door.FindUsed(tx, secret, key) ?? throw SpokeErrors.NotFound();
        bool Is(PublicKey? known) => known == key || rotations.Find(tx, token.SpokeId, key) is not null;
        if (!Is(token.UsedKey))
        {
            throw TokenErrors.AlreadyUsed(token.UsedAt!.Value);
        }

        return (token, spokes.Find(tx, token.SpokeId) is { } spoke && Is(spoke.Key) ? spoke : null);
    }
}
