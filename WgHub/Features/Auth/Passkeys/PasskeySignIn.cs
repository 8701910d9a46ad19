using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>Signing in by a passkey. It stands for both factors: the device is one, what unlocks it (a finger, a PIN) the other.</summary>
internal sealed class PasskeySignIn(
    Database database, UserStore users, PasskeyStore passkeys, SignIns signIns, SignInSettingsStore settings, PasskeyCeremony ceremony)
{
    /// <returns>JSON for <c>navigator.credentials.get</c>. It asks for no account: nobody learns here which ones there are.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Task<string> BeginAsync(HttpContext context) => ceremony.BeginUsingAsync(context, null);

    /// <returns>The session's key, for the cookie.</returns>
    /// <exception cref="AppException">NOT_SIGNED_IN, the same whatever was wrong.</exception>
    public async Task<SessionKey> FinishAsync(HttpContext context, string? answer, CancellationToken cancellationToken)
    {
        var visitor = Visitor.Of(context);
        var proof = await ceremony.FinishUsingAsync(context, null, answer);
        var key = proof is null ? null : await database.WriteAsync(tx => TryBegin(tx, proof, visitor), cancellationToken);
        if (key is null)
        {
            await signIns.FailedAsync(proof?.User, visitor, SignInWay.Passkey, CancellationToken.None);
            throw PasskeyErrors.NotAccepted();
        }

        return key;
    }

    private SessionKey? TryBegin(Tx tx, PasskeyProof proof, Visitor visitor) =>
        settings.Find(tx).LocalSignIn && users.Find(tx, proof.User.Id) is { Enabled: true, IsLocal: true } user && passkeys.Use(tx, user.Id, proof.Info)
            ? signIns.Begin(tx, user, SignInWay.Passkey, visitor)
            : null;
}
