using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>API tokens end where they may more than their maker.</summary>
internal sealed class ApiTokensMadeBy(ApiTokenStore tokens) : MadeBy
{
    public const string Kind = "API token";

    public override IReadOnlyList<Made> Open(Tx tx, string userId) => [.. tokens.Valid(tx, userId).Select(ToMade)];

    public override IReadOnlyList<Made> Revoke(Tx tx, User maker, string? role)
    {
        var ended = tokens.Valid(tx, maker.Id).Where(token => Roles.Rank(token.Role) > Roles.Rank(role)).ToList();
        foreach (var token in ended)
        {
            tokens.Revoke(tx, token.Id);
            tx.Audit(AuditEvents.ApiTokenRevoked, token.Subject, ("role", token.Role), ("madeBy", maker.ActorName));
        }

        return [.. ended.Select(ToMade)];
    }

    private static Made ToMade(ApiToken token) => new(Kind, $"{token.Name} ({token.Role})", token.ExpiresAt);
}
