using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;
using WgHub.Features.Auth;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Passkeys;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>The way back in for whoever has lost theirs: opened by a code that the hub's machine alone gives out.</summary>
internal sealed class AdminReset(
    Database database, SetupCodes codes, UserStore users, SessionStore sessions, AccountService accounts, SignIns signIns, SignInSettingsStore settings, Passwords passwords, AuditLog audit)
{
    public bool IsOpen => codes.IsResetOpen;

    /// <summary>Gives an administrator a new password and takes the authenticator app and the passkeys off, or makes a new administrator; switches local sign-in on.</summary>
    /// <returns>A session's key for the administrator.</returns>
    /// <exception cref="AppException">FORBIDDEN for a wrong code, VALIDATION_FAILED, NAME_IN_USE by an account that is no administrator.</exception>
    public async Task<string> CompleteAsync(AdministratorFields fields, Visitor visitor, CancellationToken cancellationToken)
    {
        if (!database.Read(db => codes.IsValid(db, fields.Code, resets: true)))
        {
            throw AuthErrors.WrongSetupCode();
        }

        var checks = new FieldChecks();
        AccountService.Check(checks, fields.Name, fields.Password);
        checks.ThrowIfAny();
        var hash = passwords.Hash(fields.Password!);
        return await database.WriteAsync(
            db =>
            {
                // Of two who send the code at once, one is let in.
                if (!codes.IsValid(db, fields.Code, resets: true))
                {
                    throw AuthErrors.WrongSetupCode();
                }

                SetupCodes.Close(db);
                var actor = new Actor($"user:{fields.Name}", visitor.Address);
                var user = users.FindByName(db, fields.Name!) is { } known ? Reset(db, known, hash) : accounts.Add(db, fields.Name!, Roles.Admin, hash, actor);
                audit.Append(db, actor, "admin.reset", user.Id, ("name", user.Name));
                SwitchLocalSignInOn(db, actor);
                return signIns.Begin(db, user, SignInWay.Password, visitor);
            },
            cancellationToken);
    }

    private User Reset(SqliteConnection db, User user, string hash)
    {
        if (user.Role != Roles.Admin)
        {
            throw AuthErrors.NameInUse(user.Name);
        }

        users.SetPassword(db, user.Id, hash);
        users.Enable(db, user.Id);
        TotpStore.Remove(db, user.Id);
        PasskeyStore.RemoveAll(db, user.Id);
        sessions.EndAll(db, user.Id);
        return user with { Enabled = true };
    }

    private void SwitchLocalSignInOn(SqliteConnection db, Actor actor)
    {
        var current = settings.Find(db);
        if (!current.LocalSignIn)
        {
            settings.Save(db, current with { LocalSignIn = true });
            audit.Append(db, actor, "settings.signin.changed", null, ("localSignIn", "on"));
        }
    }
}
