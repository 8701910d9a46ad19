using System.Globalization;
using System.Security.Cryptography;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Passkeys;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Persons;

/// <summary>Tells somebody all that the hub has of them, and takes them out of it.</summary>
internal sealed class PersonService(Database database, UserStore users, SessionStore sessions, PasskeyStore passkeys, ApiTokenStore apiTokens, AllMadeBy made)
{
    private const int PseudonymBytes = 6;

    /// <exception cref="AppException">VALIDATION_FAILED; NOT_FOUND when the hub has nothing.</exception>
    public PersonDto Export(string text)
    {
        var who = PersonName.Parse(text);
        var (accounts, person) = database.Read(tx =>
        {
            var of = UserStore.Called(tx, who.Text);
            return (of, new PersonDto(
                who.Text, tx.Now, [], [.. PersonStore.Owners(tx, who).SelectMany(owner => PersonStore.Spokes(tx, owner))], PersonStore.Tokens(tx, who),
                [.. PersonStore.Entries(tx, who, of).Select(one => PersonAuditDto.From(one.Sequence, one.Entry))], PersonStore.Mentions(tx, who)));
        });
        return accounts.Count + person.Spokes.Count + person.Tokens.Count + person.Audit.Count + person.Mentions.Count == 0
            ? throw WebErrors.NotFound("person")
            : person with { Accounts = [.. accounts.Select(ToDto)] };
    }

    /// <summary>
    /// Empties and switches off the accounts, ends what they made, leaves spokes and tokens without an owner, and puts a pseudonym into the audit log.
    /// Cut short, the same call goes on.
    /// </summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND, FORBIDDEN for oneself, LAST_ADMINISTRATOR.</exception>
    public async Task<PersonErasedDto> EraseAsync(string text, bool isDryRun, Actor actor, CancellationToken cancellationToken)
    {
        var found = Export(text);
        var would = new PersonErasedDto(isDryRun, null, found.Accounts.Count, found.Spokes.Count, found.Tokens.Count, found.Audit.Count, found.Mentions);
        if (isDryRun)
        {
            return would;
        }

        var who = PersonName.Parse(text);
        var pseudonym = $"erased-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PseudonymBytes))}";
        var (accounts, sequences) = await database.WriteAsync(
            actor,
            tx =>
            {
                var of = UserStore.Called(tx, who.Text);
                foreach (var account in of)
                {
                    Empty(tx, account, pseudonym);
                }

                Disown(tx, who, pseudonym);
                return (of, PersonStore.Entries(tx, who, of).Select(one => one.Sequence).ToList());
            },
            cancellationToken);
        string[] ids = [.. accounts.Select(account => account.Id)];
        foreach (var step in sequences.Count == 0 ? [[]] : sequences.Chunk(AuditRedaction.MostAStep))
        {
            await database.WriteAsync(
                actor,
                tx => AuditRedaction.Apply(
                    tx, step, entry => who.Without(entry, ids, pseudonym), AuditEvents.PersonErased, ("pseudonym", pseudonym),
                    ("entries", step.Length.ToString(CultureInfo.InvariantCulture))),
                cancellationToken);
        }

        return would with { Pseudonym = pseudonym, AuditEntries = sequences.Count };
    }

    private void Empty(Tx tx, User account, string pseudonym)
    {
        if (account.Id == tx.By.UserId)
        {
            throw AuthErrors.OwnAccount();
        }

        users.Disable(tx, account);
        sessions.EndAll(tx, account.Id);
        made.Revoke(tx, account, null);
        TotpStore.Remove(tx, account.Id);
        PasskeyStore.RemoveAll(tx, account.Id);
        UserStore.Erase(tx, account.Id, pseudonym);
        AuditNames.Rename(tx, account.Id, pseudonym);
    }

    private static void Disown(Tx tx, PersonName who, string pseudonym)
    {
        foreach (var owner in PersonStore.Owners(tx, who))
        {
            SpokeStore.Disown(tx, owner);
            TokenStore.Disown(tx, owner);
        }

        foreach (var maker in PersonStore.Makers(tx, who))
        {
            TokenStore.RenameMaker(tx, maker, maker[..PersonName.KindLength] + pseudonym);
            ApiTokenStore.RenameMaker(tx, maker, maker[..PersonName.KindLength] + pseudonym);
        }
    }

    private PersonAccountDto ToDto(User account) => new(
        account.Id, account.Name, account.Role, account.Enabled, account.Issuer,
        [.. sessions.Of(account.Id).Select(session =>
            new PersonSessionDto(session.Way, session.Address, session.UserAgent, session.CreatedAt, session.ExpiresAt))],
        [.. passkeys.Of(account.Id).Select(passkey => passkey.Name)],
        [.. apiTokens.MadeBy(account.Id).Select(token => token.Name)]);
}
