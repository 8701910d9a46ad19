using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Passkeys;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>The way back in for whoever has lost theirs: opened by a code that the hub's machine alone gives out.</summary>
internal sealed class AdminReset(
    Database database, SetupCodes codes, UserStore users, SessionStore sessions, AccountService accounts, SignIns signIns,
    SignInSettingsStore settings, Passwords passwords)
{
    public bool IsOpen => codes.IsResetOpen;

    /// <summary>
    /// Gives an administrator a new password and takes the authenticator app and the passkeys off, or makes a new administrator; switches local
    /// sign-in on.
    /// </summary>
    /// <returns>A session's key for the administrator.</returns>
    /// <exception cref="AppException">FORBIDDEN for a wrong code, VALIDATION_FAILED, NAME_IN_USE by an account that is no administrator.</exception>
    public async Task<SessionKey> CompleteAsync(AdministratorFields fields, Visitor visitor, CancellationToken cancellationToken)
    {
        if (!database.Read(tx => codes.IsValid(tx, fields.Code, resets: true)))
        {
            throw AuthErrors.WrongSetupCode();
        }

        var checks = new FieldChecks();
        AccountService.Check(checks, fields.Name, fields.Password);
        checks.ThrowIfAny();
        var hash = passwords.Hash(fields.Password!);
        return await database.WriteAsync(
            Actor.User(fields.Name!, visitor.Address),
            tx =>
            {
                // Of two who send the code at once, one is let in.
                if (!codes.IsValid(tx, fields.Code, resets: true))
                {
                    throw AuthErrors.WrongSetupCode();
                }

                SetupCodes.Close(tx);
                var user = users.FindByName(tx, fields.Name!) is { } known ? Reset(tx, known, hash) : accounts.Add(tx, fields.Name!, Roles.Admin, hash);
                tx.Audit(AuditEvents.AdminReset, user.Subject);
                SwitchLocalSignInOn(tx);
                return signIns.Begin(tx, user, SignInWay.Password, visitor);
            },
            cancellationToken);
    }

    private User Reset(Tx tx, User user, Secret hash)
    {
        if (user.Role != Roles.Admin)
        {
            throw AuthErrors.NameInUse(user.Name);
        }

        users.SetPassword(tx, user.Id, hash);
        users.Enable(tx, user.Id);
        TotpStore.Remove(tx, user.Id);
        PasskeyStore.RemoveAll(tx, user.Id);
        sessions.EndAll(tx, user.Id);
        return user with { Enabled = true };
    }

    private void SwitchLocalSignInOn(Tx tx)
    {
        var current = settings.Find(tx);
        if (!current.LocalSignIn)
        {
            settings.Save(tx, current with { LocalSignIn = true });
            tx.Audit(AuditEvents.SettingsSignInChanged, Subject.None, ("localSignIn", "on"));
        }
    }
}
