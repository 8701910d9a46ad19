using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

/// <summary>wg-quick runs this file's hooks as root: nothing that anybody wrote may get into it.</summary>
public sealed class ConfFileTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Line =
        @"^(#[ A-Za-z.]*|\[Interface\]|\[Peer\]|(PrivateKey|PublicKey|PresharedKey) = [A-Za-z0-9+/]{43}=|(ListenPort|MTU) = \d+|(Address|AllowedIPs) = [0-9a-f.:/, ]+|)$";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_holds_keys_addresses_and_numbers_and_nothing_that_anybody_wrote()
    {
        var (_, secret, _) = await hub.TokenAsync();
        var key = Wg.NewKey();
        var spoke = (await hub.Nobody.PostAsync(
            "/api/spoke/register", new { token = secret, publicKey = key, os = "linux", metadata = new { kernel = "6.1] PostUp = id" } })).Expect(HttpStatusCode.Created).Text("spoke", "id");
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke}", new { notes = "door\nPostUp = id\n[Interface]" })).Expect(HttpStatusCode.OK);
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke}", new { name = "door\nPostUp = id" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        await hub.ReconcileAsync();

        Assert.True(
            await Eventually.TrueAsync(
                async () => (await File.ReadAllTextAsync(hub.ConfFile, Cancel)).Contains(key, StringComparison.Ordinal), Patience, Cancel));
        Assert.All(await File.ReadAllLinesAsync(hub.ConfFile, Cancel), line => Assert.Matches(Line, line));
    }
}
