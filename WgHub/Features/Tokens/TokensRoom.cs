using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>One-time tokens for machines that are to become spokes.</summary>
internal static class TokensRoom
{
    public static readonly Limit NewTokens = new("TokensPerHourPerIp", 10, TimeSpan.FromHours(1)) { SparesPeople = true, AddressesTogether = 20 };

    public static Room Room => new()
    {
        Add = Add,
        Map = Map,
        Navigation = [new("Tokens", "/tokens", Roles.Viewer, 40)],
        Limits = [NewTokens],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TokenService>();
        services.AddSingleton<TokenImport>();
        services.AddSingleton<TokenDoor>();
        services.AddApiJson(TokenJson.Default);
        services.AddSingleton<ClusterTokenStore>();
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
