using System.Net;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

public sealed class ReenrolmentTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task The_spoke_stays_who_it_is_and_only_its_new_key_is_on_the_interface()
    {
        var spoke = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { notes = "in the cellar", owner = "Kim" })).Expect(HttpStatusCode.OK);
        hub.Get<LivePeers>().Set(new(PublicKey.Parse(spoke.Key), "life", 5, 5, 4_000, 6_000, TimeProvider.System.GetUtcNow(), "203.0.113.5:9"));
        var secret = await TokenAsync(spoke);
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface)); // until the new key is there
        var key = Wg.NewKey();

        var answer = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);

        Assert.Equal((spoke.Id, spoke.Name), (answer.Text("spoke", "id"), answer.Text("spoke", "name")));
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal($"{spoke.Address}/32", live[key]);
        Assert.DoesNotContain(spoke.Key, live);
        var after = await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}");
        Assert.Equal(
            (key, "in the cellar", "Kim", "4000", "6000", "pending"),
            (after.Text("publicKey"), after.Text("notes"), after.Text("owner"), after.Text("transferRx"), after.Text("transferTx"), after.Text("status")));
        Assert.Equal(
            "spoke.reenrolled",
            (await hub.Viewer.GetAsync($"/api/audit?event=spoke.reenrolled&q={spoke.Id}")).At("entries")[0].GetProperty("event").GetString());
    }

    [Fact]
    public async Task Its_earlier_tokens_and_its_old_key_are_dead_for_good()
    {
        var spoke = await hub.EnrolAsync();
        var unused = await TokenAsync(spoke);
        var secret = await TokenAsync(spoke);
        (await hub.RegisterAsync(unused, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED"); // the newer one took its place
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
        var before = await Snapshot.TakeAsync(hub);

        (await hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await hub.Nobody.GetAsync($"/i/{spoke.Token}")).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await hub.RegisterAsync(secret, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
        (await hub.Nobody.PostAsync("/api/spoke/unregister", new { token = spoke.Token, publicKey = spoke.Key })).Expect(HttpStatusCode.OK);

        Assert.Equal(before, await Snapshot.TakeAsync(hub));
    }

    [Fact]
    public async Task The_key_that_it_has_may_come_again_and_keeps_its_preshared_key()
    {
        var spoke = await hub.EnrolAsync();
        var first = (await hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);

        var answer = (await hub.RegisterAsync(await TokenAsync(spoke), spoke.Key)).Expect(HttpStatusCode.Created);

        Assert.Equal(first.Text("presharedKey"), answer.Text("presharedKey"));
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task A_new_key_gets_a_new_preshared_key_and_the_lost_answer_again()
    {
        var spoke = await hub.EnrolAsync();
        var former = (await hub.RegisterAsync(spoke.Token, spoke.Key)).Text("presharedKey");
        var (secret, key) = (await TokenAsync(spoke), Wg.NewKey());

        var first = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);
        var again = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.OK);

        Assert.NotEqual(former, first.Text("presharedKey"));
        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task A_refused_key_leaves_the_old_one_and_the_token_good()
    {
        var (spoke, other) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        var secret = await TokenAsync(spoke);

        (await hub.RegisterAsync(secret, other.Key)).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");
        (await hub.RegisterAsync(secret, (await Wg.RunAsync($"wg show {hub.Interface} public-key")).Trim()))
            .Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = true });

        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Revoked_or_of_a_spoke_that_is_gone_it_opens_nothing_and_takes_no_address_away()
    {
        var (revoked, removed) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        var answer = (await hub.Operator.PostAsync($"/api/spoke/{revoked.Id}/reenrol-token", new { })).Expect(HttpStatusCode.Created);
        var secret = await TokenAsync(removed);

        (await hub.Operator.DeleteAsync($"/api/installation/token/{answer.Text("token", "id")}")).Expect(HttpStatusCode.OK);
        await hub.Operator.DeleteAsync($"/api/spoke/{removed.Id}");

        (await hub.RegisterAsync(answer.Text("token", "token")!, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        Assert.Equal($"{revoked.Address}/32", (await Wg.PeersAsync(hub.Interface))[revoked.Key]);
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), customIP = revoked.Address }))
            .Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
    }

    [Fact]
    public async Task Of_twenty_new_keys_at_once_one_wins()
    {
        var spoke = await hub.EnrolAsync();
        var secret = await TokenAsync(spoke);
        var keys = Enumerable.Range(0, 20).Select(_ => Wg.NewKey()).ToList();

        var answers = await Task.WhenAll(keys.Select(key => hub.RegisterAsync(secret, key)));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Text("spoke", "publicKey")!;
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal([winner], keys.Where(live.ContainsKey));
        Assert.DoesNotContain(spoke.Key, live);
    }

    [Fact]
    public async Task The_page_says_what_it_means_and_shows_the_line_once()
    {
        var spoke = await hub.EnrolAsync();
        var person = await hub.PersonAsync(Roles.Operator);
        Assert.Contains(
            $"address {spoke.Address}", (await person.GetAsync($"/spokes/{spoke.Id}/reenrol")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        var page = (await person.PostAsync($"/spokes/{spoke.Id}/reenrol", ("ExpiresInHours", "1"))).Expect(HttpStatusCode.OK);

        var secret = page.Body.Split("/i/")[1][..43];
        Assert.Contains("no-store", page.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
        (await person.PostAsync($"/spokes/{spoke.Id}/reenrol", ("ExpiresInHours", "169"))).Expect(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("linux", "/i/rotate | sudo sh<")]
    [InlineData("macos", "/i/rotate | sudo sh<")]
    [InlineData("windows", "/i/install.ps1'))) -Rotate 10.")]
    [InlineData("android", null)]
    public async Task The_page_shows_the_way_without_a_token_to_a_machine_that_has_one(string os, string? line)
    {
        var (_, token, _) = await hub.TokenAsync();
        var spoke = (await hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os })).Expect(HttpStatusCode.Created);

        var page = (await hub.Operator.GetAsync($"/spokes/{spoke.Text("spoke", "id")}/reenrol")).Expect(HttpStatusCode.OK);

        Assert.Equal(line is not null, page.Body.Contains("id=\"exchange\"", StringComparison.Ordinal));
        Assert.Contains(line ?? "", WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync(Enrolled spoke) =>
        (await hub.Operator.PostAsync($"/api/spoke/{spoke.Id}/reenrol-token", new { })).Expect(HttpStatusCode.Created).Text("token", "token")!;
}
