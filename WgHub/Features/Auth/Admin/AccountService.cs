using System.Text.RegularExpressions;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Makes and changes local accounts.</summary>
internal sealed partial class AccountService(Database database, UserStore users, UserAdministration administration, Passwords passwords)
{
    public const string NameRule = "1 to 63 letters, digits, '.', '@', '-' or '_'.";

    /// <summary>Checks the fields of a new account.</summary>
    public static void Check(FieldChecks checks, string? name, Secret? password)
    {
        checks.Required<string>("name", name, TryParseName, NameRule);
        Passwords.Check(checks, password);
    }

    /// <exception cref="AppException">VALIDATION_FAILED, NAME_IN_USE.</exception>
    public async Task<User> AddAsync(string name, string role, Secret? password, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        Check(checks, name, password);
        if (Roles.Rank(role) == 0)
        {
            checks.Fail("role", Roles.Rule);
        }

        checks.ThrowIfAny();
        var hash = passwords.Hash(password!);
        return await database.WriteAsync(actor, tx => Add(tx, name, role, hash), cancellationToken);
    }

    /// <summary>Adds an account inside the caller's transaction.</summary>
    public User Add(Tx tx, string name, string role, Secret passwordHash)
    {
        var now = tx.Now;
        var user = new User(Guid.CreateVersion7(now).ToString(), name, role, true);
        users.Add(tx, user, passwordHash, now);
        tx.Audit(AuditEvents.UserCreated, user.Subject, ("role", role));
        return user;
    }

    /// <inheritdoc cref="UserAdministration.SetPasswordAsync"/>
    public Task SetPasswordAsync(string name, Secret? password, Actor actor, CancellationToken cancellationToken) =>
        administration.SetPasswordAsync(IdOf(name), password, Administrator.Cli with { Actor = actor }, cancellationToken);

    /// <inheritdoc cref="UserAdministration.DisableAsync"/>
    public Task<IReadOnlyList<Made>> DisableAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        administration.DisableAsync(IdOf(name), Administrator.Cli with { Actor = actor }, cancellationToken);

    /// <inheritdoc cref="UserAdministration.EnableAsync"/>
    public Task EnableAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        administration.EnableAsync(IdOf(name), Administrator.Cli with { Actor = actor }, cancellationToken);

    /// <inheritdoc cref="UserAdministration.SetRoleAsync"/>
    public Task<IReadOnlyList<Made>> SetRoleAsync(string name, string role, Actor actor, CancellationToken cancellationToken) =>
        administration.SetRoleAsync(IdOf(name), role, Administrator.Cli with { Actor = actor }, cancellationToken);

    private string IdOf(string name) => (database.Read(tx => users.FindByName(tx, name)) ?? throw WebErrors.NotFound("account")).Id;

    private static bool TryParseName(string? text, out string name)
    {
        name = text ?? "";
        return NameShape().IsMatch(name);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9.@_-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape();
}
