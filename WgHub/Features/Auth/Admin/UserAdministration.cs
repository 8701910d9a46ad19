using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Passkeys;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>
/// What an administrator does to an account. Each change and the rule that allows it are one transaction: of two
/// administrators who take each other's role at the same moment, one stays. Accounts are never deleted, because the audit log names them; who is
/// erased (<c>Persons</c>) leaves a row that names nobody.
/// </summary>
internal sealed class UserAdministration(Database database, UserStore users, SessionStore sessions, AllMadeBy made, Passwords passwords)
{
    /// <summary>
    /// Gives another role, and ends the account's sessions: it signs in anew with what it may now. Tokens that it made and that give more than
    /// that are revoked.
    /// </summary>
    /// <returns>Those tokens.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND, FORBIDDEN for one's own role, LAST_ADMINISTRATOR.</exception>
    public Task<IReadOnlyList<Made>> SetRoleAsync(string id, string? role, Administrator by, CancellationToken cancellationToken)
    {
        if (Roles.Rank(role) == 0)
        {
            throw AuthErrors.UnknownRole();
        }

        return ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                if (!user.IsLocal)
                {
                    throw WebErrors.Invalid("role", "The identity provider gives this account its role.");
                }

                ExpectAnother(user, by);
                if (!users.SetRole(tx, user, role!))
                {
                    return [];
                }

                sessions.EndAll(tx, id);
                var ended = made.Revoke(tx, user, role);
                tx.Audit(AuditEvents.UserRole, user.Subject, [("before", user.Role), ("after", role), .. AllMadeBy.Told(ended)]);
                return ended;
            },
            cancellationToken);
    }

    /// <summary>Switches an account off, ends its sessions, and revokes the tokens that it made: API tokens, and what still lets machines in.</summary>
    /// <returns>Those tokens.</returns>
    /// <exception cref="AppException">NOT_FOUND, FORBIDDEN for one's own account, LAST_ADMINISTRATOR.</exception>
    public Task<IReadOnlyList<Made>> DisableAsync(string id, Administrator by, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                ExpectAnother(user, by);
                if (!users.Disable(tx, user))
                {
                    return [];
                }

                sessions.EndAll(tx, id);
                var ended = made.Revoke(tx, user, null);
                tx.Audit(AuditEvents.UserDisabled, user.Subject, AllMadeBy.Told(ended));
                return ended;
            },
            cancellationToken);

    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task EnableAsync(string id, Administrator by, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                if (users.Enable(tx, id))
                {
                    tx.Audit(AuditEvents.UserEnabled, user.Subject);
                }
            },
            cancellationToken);

    /// <summary>Sets a local account's new password and ends its other sessions.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public Task SetPasswordAsync(string id, Secret? password, Administrator by, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        Passwords.Check(checks, password);
        checks.ThrowIfAny();
        var hash = passwords.Hash(password!);
        return ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                if (!user.IsLocal)
                {
                    throw WebErrors.Invalid("password", "This account signs in at its identity provider and has no password here.");
                }

                users.SetPassword(tx, id, hash);
                sessions.EndAll(tx, id, by.SessionId);
                tx.Audit(AuditEvents.UserPassword, user.Subject);
            },
            cancellationToken);
    }

    /// <summary>
    /// Takes away the authenticator with its recovery codes, and the passkeys, for somebody who has lost them, and ends the account's other
    /// sessions.
    /// </summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task RemoveSecondFactorsAsync(string id, Administrator by, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                var hadTotp = TotpStore.Remove(tx, id);
                var passkeys = PasskeyStore.RemoveAll(tx, id);
                if (hadTotp || passkeys > 0)
                {
                    sessions.EndAll(tx, id, by.SessionId);
                    tx.Audit(
                        AuditEvents.UserFactorsRemoved, user.Subject, ("authenticator", hadTotp ? "removed" : "none"), ("passkeys", $"{passkeys}"));
                }
            },
            cancellationToken);

    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task EndSessionAsync(string id, string? sessionId, Administrator by, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                if (!sessions.End(tx, id, sessionId ?? ""))
                {
                    throw WebErrors.NotFound("session");
                }

                tx.Audit(AuditEvents.SessionEnded, user.Subject, ("session", sessionId));
            },
            cancellationToken);

    /// <summary>Ends all sessions of an account but the one in which this is asked for.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task EndSessionsAsync(string id, Administrator by, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            id,
            (tx, user) =>
            {
                if (sessions.EndAll(tx, id, by.SessionId) is > 0 and var count)
                {
                    tx.Audit(AuditEvents.SessionsEnded, user.Subject, ("count", $"{count}"));
                }
            },
            cancellationToken);

    private Task ChangeAsync(Administrator by, string id, Action<Tx, User> change, CancellationToken cancellationToken) =>
        database.WriteAsync(by.Actor, tx => change(tx, Known(tx, id)), cancellationToken);

    private Task<IReadOnlyList<Made>> ChangeAsync(
        Administrator by, string id, Func<Tx, User, IReadOnlyList<Made>> change, CancellationToken cancellationToken) =>
        database.WriteAsync(by.Actor, tx => change(tx, Known(tx, id)), cancellationToken);

    private User Known(Tx tx, string id) => users.Find(tx, id) ?? throw WebErrors.NotFound("account");

    /// <summary>A slip of the hand must not lock its owner out, nor a borrowed browser raise itself.</summary>
    private static void ExpectAnother(User user, Administrator by)
    {
        if (user.Id == by.UserId)
        {
            throw AuthErrors.OwnAccount();
        }
    }
}
