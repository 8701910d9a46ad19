using System.Net;
using WgHub.Features.Auth.Admin;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>What is good in one place is nothing in another.</summary>
public sealed class ForeignIdTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task An_id_of_one_kind_opens_nothing_of_another()
    {
        var (spoke, person) = (await hub.EnrolAsync(), await hub.PersonAsync(Roles.Admin));
        var before = await Snapshot.TakeAsync(hub);

        foreach (var id in new[] { spoke.TokenId, person.User.Id, spoke.Name, spoke.Key, spoke.Token, $"{spoke.Id}'--", $"{spoke.Id}%00" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await hub.Admin.GetAsync($"/api/spoke/{Uri.EscapeDataString(id)}")).Status);
            Assert.NotEqual(HttpStatusCode.OK, (await hub.Admin.DeleteAsync($"/api/spoke/{Uri.EscapeDataString(id)}")).Status);
        }

        foreach (var id in new[] { spoke.Id, person.User.Id, spoke.Token })
        {
            (await hub.Admin.DeleteAsync($"/api/installation/token/{id}")).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
        }

        foreach (var id in new[] { spoke.Id, spoke.TokenId })
        {
            (await person.PostAsync($"/users/{id}/role", ("role", Roles.Viewer))).Expect(HttpStatusCode.NotFound);
        }

        Assert.Equal(before, await Snapshot.TakeAsync(hub));
    }

    [Fact]
    public async Task A_spokes_token_is_no_sign_in_and_a_sign_in_is_no_spokes_token()
    {
        var spoke = await hub.EnrolAsync();
        var apiToken =
            (await hub.Get<ApiTokenService>().CreateAsync("mixed up", Roles.Admin, null, Storage.Actor.Cli, TestContext.Current.CancellationToken)).Reveal();

        (await hub.Client(spoke.Token).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await hub.Client(null, $"wghub={spoke.Token}").GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await hub.Client(null, $"wghub={apiToken}").GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await hub.RegisterAsync(apiToken, Wg.NewKey())).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
    }
}
