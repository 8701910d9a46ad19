using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Changes how people sign in, and never so that nobody could.</summary>
internal sealed class SignInSettingsService(Database database, SignInSettingsStore store, UserStore users)
{
    /// <summary>Saves the provider. Another one than was tested is not offered until it is.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, LAST_WAY_IN.</exception>
    public Task SaveProviderAsync(SignInSettingsForm form, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            (_, before) =>
                form.Change(before) is var after && after.Fingerprint() == before.Fingerprint()
                    ? before
                    : after with { OidcEnabled = false }, actor, cancellationToken);

    /// <summary>Whether the sign-in page offers the provider.</summary>
    /// <exception cref="AppException">NOT_TESTED, LAST_WAY_IN.</exception>
    public Task OfferProviderAsync(bool isOffered, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            (_, before) => isOffered && !before.IsTested ? throw AuthErrors.NotTested() : before with { OidcEnabled = isOffered }, actor, cancellationToken);

    /// <summary>Whether local accounts may sign in.</summary>
    /// <exception cref="AppException">LAST_WAY_IN.</exception>
    public Task AllowLocalAsync(bool isAllowed, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync((_, before) => before with { LocalSignIn = isAllowed }, actor, cancellationToken);

    /// <summary>True when somebody who may do everything has come in by this provider: then the local way may be closed.</summary>
    public bool ProvidesAdministrator(SignInSettings settings) => database.Read(tx => ProvidesAdministrator(tx, settings));

    private Task ChangeAsync(Func<Tx, SignInSettings, SignInSettings> change, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var before = store.Find(tx);
                var after = change(tx, before);
                if (!after.LocalSignIn && !ProvidesAdministrator(tx, after))
                {
                    throw AuthErrors.LastWayIn();
                }

                if (Differences(before, after).ToArray() is { Length: > 0 } differences)
                {
                    store.Save(tx, after);
                    tx.Audit(AuditEvents.SettingsSignInChanged, Subject.One(database.InstallationId), differences);
                }
            },
            cancellationToken);

    private bool ProvidesAdministrator(Tx tx, SignInSettings settings) => settings.OidcEnabled && users.HasAdministratorOf(tx, settings.Issuer);

    private static IEnumerable<(string Name, string? Value)> Differences(SignInSettings before, SignInSettings after)
    {
        IEnumerable<(string Name, string Before, string After)> all =
        [
            ("localSignIn", Word(before.LocalSignIn), Word(after.LocalSignIn)),
            ("providerOffered", Word(before.OidcEnabled), Word(after.OidcEnabled)),
            ("issuer", before.Issuer, after.Issuer),
            ("clientId", before.ClientId, after.ClientId),
            ("tokenAuth", before.TokenAuth, after.TokenAuth),
            ("scopes", before.Scopes, after.Scopes),
            ("roleClaim", before.RoleClaim, after.RoleClaim),
            ("adminValues", string.Join(", ", before.AdminValues), string.Join(", ", after.AdminValues)),
            ("operatorValues", string.Join(", ", before.OperatorValues), string.Join(", ", after.OperatorValues)),
            ("viewerValues", string.Join(", ", before.ViewerValues), string.Join(", ", after.ViewerValues)),
        ];
        foreach (var (name, was, is_) in all.Where(one => one.Before != one.After))
        {
            yield return (name, $"{OrNone(was)} → {OrNone(is_)}");
        }

        if (before.ClientSecret?.Reveal() != after.ClientSecret?.Reveal())
        {
            yield return ("clientSecret", after.ClientSecret is null ? "removed" : "set");
        }
    }

    private static string Word(bool isOn) => isOn ? "on" : "off";

    private static string OrNone(string text) => text.Length == 0 ? "none" : text;
}
