using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>One-time tokens for machines that are to become spokes.</summary>
internal static class TokensRoom
{
    public static readonly Limit NewTokens = new("TokensPerHourPerIp", 10, TimeSpan.FromHours(1)) { SparesPeople = true, AddressesTogether = 20 };

    public static Room Room => new()
    {
        AddForCommands = AddForCommands,
        Add = Add,
        Map = Map,
        Navigation = [new("Tokens", "/tokens", Roles.Viewer, 40) { Chapter = "start" }],
        Limits = [NewTokens],
    };

    /// <summary>What ends with an account that a command switches off.</summary>
    private static void AddForCommands(IServiceCollection services)
    {
        services.AddSingleton<TokenStore>();
        services.AddSingleton<ClusterTokenStore>();
        services.AddSingleton<MadeBy, TokensMadeBy>();
    }

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.Token, Roles.Viewer, TokenStore.NameOf, TokenFilter.HrefOf));
        services.AddSingleton(new SubjectSource(SubjectKind.ClusterToken, Roles.Viewer, ClusterTokenStore.NameOf, _ => "/tokens/clusters"));
        services.AddSingleton(SubjectSource.One(SubjectKind.Tokens, Roles.Viewer, "/tokens"));
        services.AddSingleton<TokenService>();
        services.AddSingleton<TokenImport>();
        services.AddSingleton<TokenDoor>();
        services.AddApiJson(TokenJson.Default);
        services.AddSingleton<ClusterTokenService>();
        services.AddSingleton<NodeTokens>();
        services.AddApiJson(ClusterTokenJson.Default);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapTokens();
        routes.MapClusterTokens();
    }
}
