using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

public sealed class UnregisterTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_spoke_takes_itself_off_and_may_say_so_twice()
    {
        var spoke = await hub.EnrolAsync();

        (await UnregisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);
        (await UnregisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);

        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));
        (await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        Assert.Equal(spoke.Address, (await hub.EnrolAsync(spoke.Name)).Address);
    }

    [Fact]
    public async Task It_needs_the_spokes_own_token_and_key()
    {
        var (spoke, other) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        var (_, unused, _) = await hub.TokenAsync();

        (await UnregisterAsync(other.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
        (await UnregisterAsync(unused, spoke.Key)).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await UnregisterAsync(new string('A', 43), spoke.Key)).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    private Task<Answer> UnregisterAsync(string token, string publicKey) => hub.Nobody.PostAsync("/api/spoke/unregister", new { token, publicKey });
}
