using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// The policy of pages that give power over the hub: for a browser in which an administrator has signed in. A program with
/// an API token is refused whatever its role, so that a stolen token cannot make itself an account or another token.
/// </summary>
internal static class InPerson
{
    public const string Admin = "admin in person";

    public static void AddInPerson(this IServiceCollection services) =>
        services.AddAuthorizationBuilder().AddPolicy(Admin, policy => policy.RequireRole(Roles.Admin).RequireClaim(CurrentUser.SessionClaim));
}
