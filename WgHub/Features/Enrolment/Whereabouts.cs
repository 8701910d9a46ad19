using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>
/// Tells a spoke that has lost the hub where it is reached now. Nothing is changed, and what it is told is worth no more than a try: the
/// hub's key has to answer there.
/// </summary>
internal sealed class Whereabouts(Database database, OwnToken own, HubStore hubs, TimeProvider time)
{
    /// <exception cref="AppException">
    /// INVALID_PUBLIC_KEY, HUB_NOT_INITIALIZED, TOKEN_NOT_FOUND, NOT_FOUND, TOKEN_ALREADY_USED, TOKEN_REVOKED when the spoke is gone, FORBIDDEN
    /// when it is switched off.
    /// </exception>
    public HubWhereabouts Tell(AskWhereabouts request)
    {
        var (secret, key, hub) = (TokenSecret.Parse(request.Token), SpokeKey.Parse("publicKey", request.PublicKey), hubs.Required());
        var spoke = database.Read(tx => own.Prove(tx, secret, key).Spoke) ?? throw TokenErrors.Revoked();
        return spoke.IsWantedAt(time.GetUtcNow())
            ? new(hub.PublicEndpoint.ToString(), hub.PrivateEndpoint?.ToString())
            : throw EnrolmentErrors.SwitchedOff(spoke.Name);
    }
}

/// <summary>What is asked of <c>POST /api/spoke/endpoints</c>.</summary>
internal sealed record AskWhereabouts(string? PublicKey, string? Token)
{
    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(AskWhereabouts);
}

/// <param name="PrivateEndpoint">Null when the hub has none.</param>
internal sealed record HubWhereabouts(string PublicEndpoint, string? PrivateEndpoint);
