using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>
/// What comes of a token, inside the transaction of a registration: a new spoke, a new key for one that there is, or nothing new. The first
/// key that comes binds the token; the same key may come again and gets the same answer, so a reply that was lost costs nothing.
/// </summary>
internal sealed class TokenUse(TokenDoor door, HubStore hubs, RotationStore rotations, NewSpoke newSpoke, Reenrolment reenrolment, SameSpoke sameSpoke)
{
    /// <exception cref="AppException">
    /// TOKEN_NOT_FOUND, TOKEN_ALREADY_USED, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_WRONG_PLATFORM, DUPLICATE_PUBLIC_KEY, FORBIDDEN, and those of
    /// a cluster's token.
    /// </exception>
    public Registered Take(Tx tx, TokenSecret secret, Machine machine)
    {
        var pve = machine.Facts.Proxmox;
        var open = door.OpenForMachine(tx, secret, pve?.Node, pve?.Cluster?.Name);
        var token = open.Token;
        if (open.State == TokenState.Used)
        {
            return sameSpoke.Take(tx, token, machine);
        }

        if (token.Platform is { } platform && platform != machine.Facts.Platform)
        {
            throw TokenErrors.WrongPlatform(platform);
        }

        if (hubs.Required().Key == machine.Key || rotations.HasKey(tx, token.Hub, machine.Key))
        {
            throw SpokeErrors.DuplicatePublicKey();
        }

        return open.IsReenrolment ? reenrolment.Take(tx, token, machine) : newSpoke.Take(tx, token, machine);
    }
}
