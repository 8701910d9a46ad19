using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Rotation;

public sealed class RotationRefusalTests : HubTest
{
    private protected override TestHub Make() => new() { Settings = { ["Web:TrustedProxies"] = KeyedSpoke.Proxy } };

    [Fact]
    public async Task What_does_not_come_from_the_spokes_own_address_is_refused_though_the_proof_is_right()
    {
        var (spoke, other) = (await KeyedSpoke.EnrolAsync(Hub), await KeyedSpoke.EnrolAsync(Hub));
        var next = Wg.NewKey();
        var body =
            new { publicKey = spoke.Key.Public, newPublicKey = next, proof = await spoke.ProofAsync("begin", spoke.PresharedKey, spoke.Key.Public, next) };

        (await Hub.Nobody.PostAsync("/api/spoke/rotate", body)).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");
        (await Hub.Admin.PostAsync("/api/spoke/rotate", body)).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");
        (await spoke.SendAsync("", body, from: "203.0.113.9")).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");
        (await spoke.SendAsync("", body, from: Hub.Address(1))).Expect(HttpStatusCode.Forbidden, "NOT_THROUGH_TUNNEL");
        (await spoke.SendAsync("", body, from: other.Address)).Expect(HttpStatusCode.Forbidden, "PROOF_WRONG");

        Assert.DoesNotContain(next, (await Wg.PeersAsync(Hub.Interface)).Keys);
        (await spoke.SendAsync("", body)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_proof_is_good_for_its_keys_and_its_step_alone()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        var (old, next, strange) = (spoke.Key.Public, Wg.NewKey(), Wg.NewKey());
        var proof = await spoke.ProofAsync("begin", spoke.PresharedKey, old, next);

        await RefusedAsync("", new { publicKey = old, newPublicKey = strange, proof });
        await RefusedAsync("", new { publicKey = strange, newPublicKey = next, proof });
        await RefusedAsync("/finish", new { publicKey = old, newPublicKey = next, proof });
        await RefusedAsync("", new { publicKey = old, newPublicKey = next, proof = (string?)null });
        await RefusedAsync("", new { publicKey = old, newPublicKey = next, proof = proof.ToUpperInvariant() });
        await RefusedAsync("", new { publicKey = old, newPublicKey = next, proof = await spoke.ProofAsync("begin", Wg.NewKey(), old, next) });

        // A key before that is not its own, though root there signed it.
        await RefusedAsync("", new { publicKey = strange, newPublicKey = next, proof = await spoke.ProofAsync("begin", spoke.PresharedKey, strange, next) });

        async Task RefusedAsync(string path, object body) => (await spoke.SendAsync(path, body)).Expect(HttpStatusCode.Forbidden, "PROOF_WRONG");
    }

    [Fact]
    public async Task A_key_that_is_somebodys_already_is_refused_also_one_that_is_only_waited_for()
    {
        var (spoke, other) = (await KeyedSpoke.EnrolAsync(Hub), await KeyedSpoke.EnrolAsync(Hub));
        var (hub, waitedFor) = ((await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim(), Wg.NewKey());
        (await other.BeginAsync(waitedFor)).Expect(HttpStatusCode.Created);

        foreach (var taken in new[] { spoke.Key.Public, other.Key.Public, hub, waitedFor })
        {
            (await spoke.BeginAsync(taken)).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");
        }

        (await Hub.RegisterAsync((await Hub.TokenAsync()).Secret, waitedFor)).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");
        (await spoke.BeginAsync("x")).Expect(HttpStatusCode.BadRequest, "INVALID_PUBLIC_KEY");
        (await spoke.BeginAsync("")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await spoke.BeginAsync(Convert.ToBase64String(new byte[32]))).Expect(HttpStatusCode.BadRequest, "INVALID_PUBLIC_KEY");
    }

    [Fact]
    public async Task Without_a_preshared_key_there_is_no_proof()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { presharedKeys = false })).Expect(HttpStatusCode.OK);
        var (_, token, address) = await Hub.TokenAsync();
        var key = Wg.NewKey();
        var answer = (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.Created);
        var spoke = new KeyedSpoke(Hub, answer.Text("spoke", "id")!, token, address, new("", key), "");

        (await spoke.BeginAsync(Wg.NewKey())).Expect(HttpStatusCode.Conflict, "PRESHARED_KEY_NEEDED");
    }

    [Fact]
    public async Task Another_wish_of_the_same_spoke_takes_the_place_of_the_first()
    {
        var spoke = await KeyedSpoke.EnrolAsync(Hub);
        var (first, second) = (Wg.NewKey(), Wg.NewKey());
        (await spoke.BeginAsync(first)).Expect(HttpStatusCode.Created);

        (await spoke.BeginAsync(second)).Expect(HttpStatusCode.Created);

        Assert.Equal(new HashSet<string> { spoke.Key.Public, second }, (await Wg.PeersAsync(Hub.Interface)).Keys.ToHashSet());
    }

    [Fact]
    public async Task When_wg_fails_the_same_call_works_later()
    {
        var folder = Directory.CreateTempSubdirectory("wghub-rotation-");
        var wg = new WgProgram(folder);
        await using var hub = new TestHub { Settings = { ["Web:TrustedProxies"] = KeyedSpoke.Proxy, ["WireGuard:WgCommand"] = wg.Path } };
        await hub.InitializeAsync();
        var spoke = await KeyedSpoke.EnrolAsync(hub);
        var next = Wg.NewKey();

        wg.Fail();
        (await spoke.BeginAsync(next)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        wg.Work();
        (await spoke.BeginAsync(next)).Expect(HttpStatusCode.OK);

        Assert.Equal("(none)", (await Wg.PeersAsync(hub.Interface))[next]);
        folder.Delete(recursive: true);
    }
}
