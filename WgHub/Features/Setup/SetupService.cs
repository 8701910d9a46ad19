using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Hub;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>What the first run asks for; each half is left out when it is done already.</summary>
/// <param name="Hub">Null when the hub is to take over what is there, later.</param>
internal sealed record SetupForm(Secret? Code, string? Name, Secret? Password, HubForm? Hub);

/// <summary>The first run: the hub's network and the first administrator, opened by the set-up code.</summary>
internal sealed class SetupService(
    Database database, SetupCodes codes, UserStore users, AccountService accounts, SignIns signIns, Passwords passwords, HubStore hubs, HubService hubService)
{
    public bool NeedsAdministrator => !users.HasAdministrator();

    public bool NeedsHub => hubs.Current is null;

    /// <summary>Does what is missing. When wg refuses, nothing was done and the same form may be sent again.</summary>
    /// <returns>A session's key for the new administrator.</returns>
    /// <exception cref="AppException">FORBIDDEN for a wrong code, VALIDATION_FAILED, NAME_IN_USE.</exception>
    /// <exception cref="WireGuard.WgException">wg or ip refused.</exception>
    public async Task<SessionKey> CompleteAsync(SetupForm form, Visitor visitor, CancellationToken cancellationToken)
    {
        if (!NeedsAdministrator || !codes.IsValid(form.Code))
        {
            throw AuthErrors.WrongSetupCode();
        }

        var checks = new FieldChecks();
        AccountService.Check(checks, form.Name, form.Password);
        checks.ThrowIfAny();
        var actor = Actor.User(form.Name!, visitor.Address);
        if (NeedsHub && form.Hub is { } hub)
        {
            await hubService.InitializeAsync(hub, actor, cancellationToken);
        }

        // The interface is up, and the browser on this machine may have lost its connection by that: what was begun is done.
        var hash = passwords.Hash(form.Password!);
        return await database.WriteAsync(
            actor,
            tx =>
            {
                // Of two who send the code at once, one becomes the administrator.
                if (users.HasAdministrator(tx))
                {
                    throw AuthErrors.WrongSetupCode();
                }

                var user = accounts.Add(tx, form.Name!, Roles.Admin, hash);
                SetupCodes.Close(tx);
                return signIns.Begin(tx, user, SignInWay.Password, visitor);
            },
            CancellationToken.None);
    }
}
