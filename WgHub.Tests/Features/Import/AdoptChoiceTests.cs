using System.Net;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Import;

/// <summary>A WireGuard of another making than WgHub's own, which stays as it is or is changed knowingly.</summary>
public sealed class AdoptChoiceTests : HubTest
{
    private readonly string _anna = Wg.NewKey();
    private readonly string _bert = Wg.NewKey();

    private protected override TestHub Make() => new() { IsSetUp = false };

    private string Six => Hub.Network6.Split("::")[0];

    [Theory]
    [InlineData("64")]
    [InlineData("112")] // as wg-easy has it
    public async Task IPv6_addresses_stay_also_the_hubs_own(string prefix)
    {
        await StartAsync(1420, $"{Hub.Address(1)}/24", $"{Six}::1/{prefix}");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_anna} allowed-ips {Hub.Address(2)}/32,{Six}::7/128");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_bert} allowed-ips {Hub.Address(7)}/32,{Six}::2/128");
        var (peers, link) = (await PeerLinesAsync(), await LinkAsync());
        var plan = (await PlanAsync(new { running = true })).Expect(HttpStatusCode.OK);
        Assert.Equal("[]", plan.Text("blocks"));

        (await ApplyAsync(plan)).Expect(HttpStatusCode.OK);
        await Hub.RestartAsync();
        await Hub.ReconcileAsync();

        Assert.Equal(peers, await PeerLinesAsync());
        Assert.Equal(link, await LinkAsync());
        Assert.Equal($"{Six}::1/{prefix}", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("interfaceAddressV6"));
        var next = (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "next" })).Expect(HttpStatusCode.Created);
        Assert.Equal(Hub.Address(3), next.At("token", "allowedIPs")[0].GetString()!.Split('/')[0]);
    }

    /// <summary>A small MTU, a peer that has the whole network, one with two addresses, one without any.</summary>
    [Fact]
    public async Task What_is_odd_is_taken_over_as_it_is_or_as_somebody_chose()
    {
        var (wide, idle) = (Wg.NewKey(), Wg.NewKey());
        await StartAsync(576, $"{Hub.Address(1)}/24");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_anna} allowed-ips {Hub.Address(2)}/32,{Hub.Address(3)}/32");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_bert} allowed-ips {Hub.Address(4)}/32,10.99.0.0/16,0.0.0.0/0");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {wide} allowed-ips {Hub.Address(0)}/24");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {idle}");
        var blocked = (await PlanAsync(new { running = true })).Expect(HttpStatusCode.OK);
        Assert.Equal(4, blocked.At("blocks").GetArrayLength());

        var choices = new
        {
            running = true,
            addresses = new Dictionary<string, string> { [_anna] = Hub.Address(3), [wide] = Hub.Address(9) },
            leaveOut = new[] { _bert },
        };
        var plan = (await PlanAsync(choices)).Expect(HttpStatusCode.OK);
        Assert.Equal(("[]", "2", "2"), (plan.Text("blocks"), plan.Text("added"), plan.Text("leftOut")));
        (await Hub.Admin.PostAsync(
            "/api/import/apply",
            new { choices.running, choices.addresses, choices.leaveOut, hub = new { publicEndpoint = "vpn.example.com" }, plan = plan.Text("plan") }))
            .Expect(HttpStatusCode.OK);

        Assert.Equal("576", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("mtu"));
        await Hub.ReconcileAsync();
        var peers = await Wg.PeersAsync(Hub.Interface);
        Assert.Equal(($"{Hub.Address(3)}/32", $"{Hub.Address(9)}/32"), (peers[_anna], peers[wide]));
    }

    [Theory]
    [InlineData("2002:a08::1/64")]
    [InlineData("fec0::1/64")]
    [InlineData("fe80::1/64")]
    [InlineData("64:ff9b::1/96")]
    [InlineData("ff05::1/64")]
    public async Task A_file_whose_IPv6_network_no_machine_can_have_is_refused_with_a_sentence(string address)
    {
        var body = File($"[Interface]\nPrivateKey = {(await Wg.RunAsync("wg genkey")).Trim()}\nAddress = {Hub.Address(1)}/24, {address}\n");

        var refusal = await PlanAsync(new { files = body });
        refusal.Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Equal(["networkCIDRv6"], refusal.Members("errors"));
        (await Hub.Admin.PostAsync("/api/import/apply", new { files = body, plan = "x" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await PlanAsync(new { files = body, withoutIPv6 = true })).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("169.254.0.1/24")]
    [InlineData("127.0.0.1/8")]
    [InlineData("224.0.0.1/24")]
    public async Task A_file_whose_network_no_machine_can_have_is_refused_with_a_sentence(string address) =>
        (await PlanAsync(new { files = File($"[Interface]\nAddress = {address}\n[Peer]\nPublicKey = {_anna}\n") }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    [Fact]
    public async Task A_running_interface_in_such_a_network_is_told_and_may_lose_it()
    {
        await StartAsync(1420, $"{Hub.Address(1)}/24", "2002:a08::1/64");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_anna} allowed-ips {Hub.Address(2)}/32");

        (await PlanAsync(new { running = true })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Equal("[]", (await PlanAsync(new { running = true, withoutIPv6 = true })).Expect(HttpStatusCode.OK).Text("blocks"));
    }

    [Fact]
    public async Task A_name_that_a_spoke_cannot_have_is_kept_as_its_note()
    {
        (await Hub.Admin.PostAsync("/api/hub/initialize", Hub.SetUp)).Expect(HttpStatusCode.Created);
        var files = File($"[Peer]\n# Łukasz ✆ Штирлиц\nPublicKey = {_anna}\nAllowedIPs = {Hub.Address(5)}/32\n");
        var plan = (await PlanAsync(new { files })).Expect(HttpStatusCode.OK);

        (await Hub.Admin.PostAsync("/api/import/apply", new { files, plan = plan.Text("plan") })).Expect(HttpStatusCode.OK);

        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list")).At("spokes")[0];
        Assert.Equal(("Lukasz", "Łukasz ✆ Штирлиц"), (spoke.GetProperty("name").GetString(), spoke.GetProperty("notes").GetString()));
    }

    private async Task StartAsync(int mtu, params string[] addresses)
    {
        var key = Path.Combine(Hub.Folder.FullName, "key");
        await System.IO.File.WriteAllTextAsync(key, await Wg.RunAsync("wg genkey"), Cancel);
        await Wg.RunAsync($"wireguard-go {Hub.Interface}");
        await Wg.RunAsync($"wg set {Hub.Interface} listen-port {Hub.Port} private-key {key}");
        await Wg.RunAsync($"ip link set {Hub.Interface} mtu {mtu} up");
        foreach (var address in addresses)
        {
            await Wg.RunAsync($"ip address add {address} dev {Hub.Interface}");
        }
    }

    private static string[] File(string text) => [Convert.ToBase64String(Encoding.UTF8.GetBytes(text))];

    private Task<Answer> PlanAsync(object body) => Hub.Admin.PostAsync("/api/import/plan", body);

    private Task<Answer> ApplyAsync(Answer plan) =>
        Hub.Admin.PostAsync("/api/import/apply", new { running = true, hub = new { publicEndpoint = "vpn.example.com" }, plan = plan.Text("plan") });

    /// <summary>A new IPv6 address is tentative for a moment.</summary>
    private async Task<string> LinkAsync() => (await Wg.RunAsync($"ip address show {Hub.Interface}")).Replace("tentative ", "", StringComparison.Ordinal);

    private async Task<string[]> PeerLinesAsync() =>
        [.. (await Wg.RunAsync($"wg showconf {Hub.Interface}")).Split('\n')
            .Select(line => string.Join(' ', line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Order()))
            .Order()];
}
