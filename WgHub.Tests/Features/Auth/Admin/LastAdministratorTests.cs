using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Somebody can always let others in: the last administrator stays, whatever is done at the same moment.</summary>
public sealed class LastAdministratorTests(TestHub hub) : IClassFixture<TestHub>
{
    private UserAdministration Administration => hub.Get<UserAdministration>();

    [Fact]
    public async Task Of_two_who_take_each_others_role_at_once_one_stays()
    {
        for (var round = 0; round < 20; round++)
        {
            var (one, other) = await OnlyTheseAsync();

            var refusals = await Task.WhenAll(
                RefusalAsync(Administration.SetRoleAsync(one.Id, Roles.Viewer, By(other), Cancel)),
                RefusalAsync(
                    round % 2 == 0
                        ? Administration.SetRoleAsync(other.Id, Roles.Operator, By(one), Cancel)
                        : Administration.DisableAsync(other.Id, By(one), Cancel)));

            Assert.Single(refusals, refusal => refusal is null);
            Assert.Single(refusals, refusal => refusal == "LAST_ADMINISTRATOR");
            Assert.Equal(1, Administrators);
        }
    }

    [Fact]
    public async Task By_their_browsers_too()
    {
        for (var round = 0; round < 5; round++)
        {
            var (one, other) = await OnlyTheseAsync();
            var (first, second) = (await hub.SignInAsync(one), await hub.SignInAsync(other));

            var answers =
                await Task.WhenAll(first.PostAsync($"/users/{other.Id}/role", ("role", Roles.Viewer)), second.PostAsync($"/users/{one.Id}?handler=Disable"));

            Assert.Contains(answers, answer => answer.Headers.Location?.OriginalString.StartsWith("/users/", StringComparison.Ordinal) == true);
            Assert.Equal(1, Administrators);
        }
    }

    [Fact]
    public async Task A_command_on_the_machine_keeps_the_last_one_as_well()
    {
        var (one, other) = await OnlyTheseAsync();
        await hub.Get<AccountService>().DisableAsync(one.Name, Actor.Cli, Cancel);

        var refusal = await Assert.ThrowsAsync<AppException>(() => hub.Get<AccountService>().DisableAsync(other.Name, Actor.Cli, Cancel));

        Assert.Equal((409, "LAST_ADMINISTRATOR"), (refusal.Status, refusal.Code));
        Assert.Contains(other.Name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_providers_administrator_counts_and_one_that_is_switched_off_does_not()
    {
        var (one, other) = await OnlyTheseAsync();
        var provider = await hub.ProviderAccountAsync(Roles.Admin);
        await Administration.DisableAsync(one.Id, By(other), Cancel);
        Assert.Equal(
            "LAST_ADMINISTRATOR",
            await RefusalAsync(Administration.SetRoleAsync(other.Id, Roles.Viewer, By(provider), Cancel)));    // people do not sign in by the provider yet

        await OfferAsync(provider.Issuer!);
        await Administration.SetRoleAsync(other.Id, Roles.Viewer, By(provider), Cancel);

        Assert.Equal("LAST_ADMINISTRATOR", await RefusalAsync(Administration.DisableAsync(provider.Id, By(other), Cancel)));
    }

    [Fact]
    public async Task A_local_one_does_not_count_while_local_accounts_are_off()
    {
        await OnlyTheseAsync();
        var provider = await hub.ProviderAccountAsync(Roles.Admin);
        await OfferAsync(provider.Issuer!, isLocalOn: false);

        Assert.Equal("LAST_ADMINISTRATOR", await RefusalAsync(Administration.DisableAsync(provider.Id, By(provider with { Id = "another" }), Cancel)));
    }

    private Task OfferAsync(string issuer, bool isLocalOn = true) => hub.Database.WriteAsync(
        db =>
            hub.Get<SignInSettingsStore>()
                .Save(db, SignInSettings.Default with { LocalSignIn = isLocalOn, OidcEnabled = true, Issuer = issuer, ClientId = "wghub" }), Cancel);

    private long Administrators => hub.Database.Read(db => db.Count($"select count(*) from users where role = {Roles.Admin} and enabled"));

    /// <summary>Two new administrators, and no other that is enabled.</summary>
    private async Task<(User One, User Other)> OnlyTheseAsync()
    {
        await hub.Database.WriteAsync(db => { db.Execute($"update users set enabled = {false}"); db.Execute($"delete from sign_in_settings"); }, Cancel);
        return (await hub.AccountAsync(Roles.Admin), await hub.AccountAsync(Roles.Admin));
    }

    private static Administrator By(User user) => new(user.Id, null, new(user.ActorName, null));

    private static async Task<string?> RefusalAsync(Task change)
    {
        try
        {
            await change;
            return null;
        }
        catch (AppException refusal)
        {
            return refusal.Code;
        }
    }
}
