using WgHub.Features.Auth.Accounts;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What an account made, and the provider takes it its rights.</summary>
public sealed class OidcRightsTests(OidcHub site) : IClassFixture<OidcHub>
{
    [Fact]
    public async Task Who_becomes_a_viewer_at_the_provider_lets_no_machine_in_any_more()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-operators";
        using var before = await site.SignInAsync(idp);
        var maker = site.FindUser(idp)!;
        var name = Enrolling.NewName();
        await site.Hub.Get<TokenService>().CreateAsync(new(name), new Actor(maker.ActorName, null) { UserId = maker.Id }, Cancel);
        Assert.Single(site.Hub.Get<AllMadeBy>().Open(maker.Id));

        idp.Claims = claims => claims["groups"] = "wghub-viewers";
        using var after = await site.SignInAsync(idp);

        Assert.Empty(site.Hub.Get<AllMadeBy>().Open(maker.Id));
        Assert.Contains($"\"madeTokensRevoked\":\"token for {name}\"", site.LastAudit("user.changed"), StringComparison.Ordinal);
    }
}
