using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

public sealed class RegistrationTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task The_peer_is_live_when_the_answer_comes()
    {
        var (_, secret, address) = await hub.TokenAsync("oslo");
        var key = Wg.NewKey();

        var answer = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);

        Assert.Equal($"{address}/32", (await Wg.PeersAsync(hub.Interface))[key]);
        Assert.Equal(["message", "spoke", "hub", "presharedKey", "gateway"], answer.Members());
        Assert.Equal(["id", "name", "publicKey", "allowedIPs", "status"], answer.Members("spoke"));
        Assert.Equal(
            ["publicKey", "publicEndpoint", "privateEndpoint", "networkCIDR", "dns", "mtu", "persistentKeepalive", "allowedIPs", "searchDomain"],
            answer.Members("hub"));
        Assert.Equal("oslo", answer.Text("spoke", "name"));
        Assert.Equal("pending", answer.Text("spoke", "status"));
        Assert.Equal(hub.Network, answer.Text("hub", "networkCIDR"));
        Assert.Equal($"vpn.example.com:{hub.Port}", answer.Text("hub", "publicEndpoint"));
        Assert.Equal((await Wg.RunAsync($"wg show {hub.Interface} public-key")).Trim(), answer.Text("hub", "publicKey"));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_answer_as_often_as_it_comes()
    {
        var (_, secret, _) = await hub.TokenAsync();
        var key = Wg.NewKey();
        var first = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);
        var rows = await Snapshot.TakeAsync(hub);

        var again = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.OK);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(rows, await Snapshot.TakeAsync(hub));
    }

    [Fact]
    public async Task Another_key_is_refused_with_the_time_of_the_first()
    {
        var spoke = await hub.EnrolAsync();

        var refusal = (await hub.RegisterAsync(spoke.Token, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", refusal.Text("usedAt"));
        Assert.Equal("/api/spoke/register", refusal.Text("instance"));
    }

    [Fact]
    public async Task Of_fifty_keys_at_once_one_wins()
    {
        var (_, secret, address) = await hub.TokenAsync();
        var keys = Enumerable.Range(0, 50).Select(_ => Wg.NewKey()).ToList();

        var answers = await Task.WhenAll(keys.Select(key => hub.RegisterAsync(secret, key)));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(answer => answer is { Status: HttpStatusCode.Unauthorized, Code: "TOKEN_ALREADY_USED" }));
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal([winner.Text("spoke", "publicKey")!], keys.Where(live.ContainsKey));
        Assert.Equal($"{address}/32", live[winner.Text("spoke", "publicKey")!]);
    }

    [Fact]
    public async Task Fifty_tokens_at_once_are_all_live_at_addresses_of_their_own()
    {
        var spokes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => hub.EnrolAsync()));

        var live = await Wg.PeersAsync(hub.Interface);
        Assert.All(spokes, spoke => Assert.Equal($"{spoke.Address}/32", live[spoke.Key]));
        Assert.Equal(50, spokes.Select(spoke => spoke.Address).Distinct().Count());
    }

    [Fact]
    public async Task A_key_that_another_spoke_or_the_hub_has_is_refused_and_the_token_stays_good()
    {
        var spoke = await hub.EnrolAsync();
        var (_, secret, _) = await hub.TokenAsync();
        var own = (await Wg.RunAsync($"wg show {hub.Interface} public-key")).Trim();

        (await hub.RegisterAsync(secret, spoke.Key)).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");
        (await hub.RegisterAsync(secret, own)).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");

        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("7f///////////////////////////////////////38=")]
    [InlineData("short")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var (_, secret, _) = await hub.TokenAsync();

        var refusal = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.BadRequest, "INVALID_PUBLIC_KEY");

        Assert.Equal(["publicKey"], refusal.Members("errors"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_nobody_made_is_refused(string token) =>
        (await hub.RegisterAsync(token, Wg.NewKey())).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

    [Fact]
    public async Task What_the_machine_tells_of_itself_is_kept()
    {
        var (_, token, _) = await hub.TokenAsync();

        var answer = (await hub.Nobody.PostAsync(
            "/api/spoke/register",
            new
            {
                token,
                publicKey = Wg.NewKey(),
                os = "proxmox",
                proxmoxNodeName = "pve1",
                proxmoxClusterName = "home",
                proxmoxVersion = "8.1.3",
                metadata = new { kernel = "6.1", cores = 4, vm = true }
            }))
                .Expect(HttpStatusCode.Created);

        var spoke = await hub.Viewer.GetAsync($"/api/spoke/{answer.Text("spoke", "id")}");
        Assert.Equal(
            ("proxmox", "pve1", "home", "8.1.3"),
            (spoke.Text("os"), spoke.Text("proxmoxNodeName"), spoke.Text("proxmoxClusterName"), spoke.Text("proxmoxVersion")));
        Assert.True(spoke.At("isProxmox").GetBoolean());
        Assert.Equal(["kernel", "cores", "vm"], spoke.Members("metadata"));
    }

    [Fact]
    public async Task Who_asks_for_text_gets_a_conf_that_wg_takes()
    {
        var (_, token, address) = await hub.TokenAsync();
        var secret = (await Wg.RunAsync("wg genkey")).Trim();

        var answer = await hub.Nobody.SendAsync(
            HttpMethod.Post, "/api/spoke/register",
            System.Net.Http.Json.JsonContent.Create(new { token, publicKey = Wg.NewKey(), os = "linux" }), ("Accept", "text/plain"));

        Assert.Equal("text/plain", answer.Expect(HttpStatusCode.Created).ContentType);
        Assert.Contains($"\nPrivateKey = \nAddress = {address}/32\nMTU = 1420\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"\nAllowedIPs = {hub.Network}\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\nPersistentKeepalive = 25\n", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("\n# End\n", answer.Body, StringComparison.Ordinal);

        // wg-quick itself says what wg gets of it; the name of the endpoint is not one that resolves here.
        var conf =
            answer.Body.Replace("PrivateKey = \n", $"PrivateKey = {secret}\n", StringComparison.Ordinal)
                .Replace("vpn.example.com", "127.0.0.1", StringComparison.Ordinal);
        var file = Path.Combine(hub.Folder.FullName, "spoke.conf");
        await File.WriteAllTextAsync(file, conf, TestContext.Current.CancellationToken);
        var stripped = await Wg.RunAsync($"wg-quick strip {file}");
        await using var other = new TestHub();
        await other.InitializeAsync();
        (await Shell.RunAsync(["wg", "setconf", other.Interface, "/dev/stdin"], stripped, TestContext.Current.CancellationToken)).OrThrow();
        Assert.Single(await Wg.PeersAsync(other.Interface));
    }

    [Fact]
    public async Task A_spoke_that_is_switched_off_does_not_come_back_by_itself()
    {
        var spoke = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);

        (await hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");

        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }
}
