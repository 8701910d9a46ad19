using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Import;

/// <summary>A WireGuard that runs already, made as wg-quick makes it, becomes this hub's.</summary>
public sealed class AdoptTests : HubTest
{
    private readonly string _laptop = Wg.NewKey();
    private readonly string _office = Wg.NewKey();
    private readonly string _nameless = Wg.NewKey();

    /// <summary>With an ip(8) that makes no routes while a file is there.</summary>
    private protected override TestHub Make()
    {
        var folder = Directory.CreateTempSubdirectory("wghub-test-");
        var ip = Path.Combine(folder.FullName, "ip");
        File.WriteAllText(ip, "#!/bin/sh\n[ ! -e \"$0.refuses\" ] || case \"$*\" in *'route replace'*) exit 2 ;; esac\nexec ip \"$@\"\n");
        File.SetUnixFileMode(ip, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new() { IsSetUp = false, Folder = folder, Settings = new() { ["WireGuard:IpCommand"] = ip } };
    }

    private string Refusing => Path.Combine(Hub.Folder.FullName, "ip.refuses");

    [Fact]
    public async Task Its_key_port_addresses_and_peers_stay_and_nobody_is_touched()
    {
        await StartAsync();
        var (process, peers, key, link) =
            (await Wg.ProcessIdAsync(Hub.Interface), await PeerLinesAsync(), await Wg.RunAsync($"wg show {Hub.Interface} public-key"),
                await Wg.RunAsync($"ip address show {Hub.Interface}"));
        var plan = (await PlanAsync()).Expect(HttpStatusCode.OK);
        Assert.Equal(("3", "0", "0", "[]"), (plan.Text("added"), plan.Text("known"), plan.Text("leftOut"), plan.Text("blocks")));

        (await ApplyAsync(plan)).Expect(HttpStatusCode.OK);
        await Hub.ReconcileAsync();

        Assert.NotEmpty(process);
        Assert.Equal(process, await Wg.ProcessIdAsync(Hub.Interface));
        Assert.Equal(peers, await PeerLinesAsync());
        Assert.Equal(link, await Wg.RunAsync($"ip address show {Hub.Interface}"));
        var config = (await Hub.Viewer.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK);
        Assert.Equal(
            (key.Trim(), $"{Hub.Address(1)}/22", Hub.Port.ToString(), "1380"),
            (config.Text("publicKey"), config.Text("interfaceAddress"), config.Text("listenPort"), config.Text("mtu")));
        var drift = (await Hub.Viewer.GetAsync("/api/hub/status")).At("drift");
        Assert.Equal((0, 0, 0), (drift.GetProperty("missing").GetInt32(), drift.GetProperty("unknown").GetInt32(), drift.GetProperty("changed").GetInt32()));
        Assert.Equal(
            [$"laptop {Hub.Address(2)}/32", $"office {Hub.Address(3)}/32 {QuickInterface.OfficeOf(Hub)}", $"peer-{_nameless[..8]} {Hub.Address(4)}/32"],
            (await SpokesAsync()).Select(line => line.Replace(NameOf(_nameless), $"peer-{_nameless[..8]}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_lives_on_over_a_restart_and_one_spoke_can_be_removed()
    {
        await StartAsync();
        (await ApplyAsync(await PlanAsync())).Expect(HttpStatusCode.OK);
        var peers = await PeerLinesAsync();

        await Hub.RestartAsync();
        await Hub.ReconcileAsync();
        Assert.Equal(peers, await PeerLinesAsync());
        Assert.Contains(QuickInterface.OfficeOf(Hub), await RoutesAsync(), StringComparison.Ordinal);

        var office = (await Hub.Viewer.GetAsync("/api/spoke/list?q=office")).At("spokes")[0].GetProperty("id").GetString();
        (await Hub.Operator.DeleteAsync($"/api/spoke/{office}")).Expect(HttpStatusCode.OK);
        await Hub.ReconcileAsync();

        Assert.Equal(new[] { _laptop, _nameless }.Order(), (await Wg.PeersAsync(Hub.Interface)).Keys.Order());
        Assert.DoesNotContain(QuickInterface.OfficeOf(Hub), await RoutesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_conf_file_is_kept_beside_ours_for_root_alone()
    {
        await StartAsync();
        var before = await File.ReadAllTextAsync(Hub.ConfFile, Cancel);

        (await ApplyAsync(await PlanAsync())).Expect(HttpStatusCode.OK);

        var kept = $"{Hub.ConfFile}.before-wghub";
        Assert.Equal(before, await File.ReadAllTextAsync(kept, Cancel));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.Contains(
            $"AllowedIPs = {Hub.Address(3)}/32,{QuickInterface.OfficeOf(Hub)}", await File.ReadAllTextAsync(Hub.ConfFile, Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("PostUp", await File.ReadAllTextAsync(Hub.ConfFile, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_shown_is_not_done()
    {
        await StartAsync();
        var plan = await PlanAsync();
        await Wg.RunAsync($"wg set {Hub.Interface} peer {Wg.NewKey()} allowed-ips {Hub.Address(9)}/32");
        var before = await Snapshot.TakeAsync(Hub);

        (await ApplyAsync(plan)).Expect(HttpStatusCode.Conflict, "PLAN_CHANGED");

        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public async Task Where_one_would_be_cut_off_nothing_is_done()
    {
        await StartAsync();
        await Wg.RunAsync($"wg set {Hub.Interface} peer {_laptop} allowed-ips {Hub.Address(2)}/32,fd00:99::2/128");
        var before = await Snapshot.TakeAsync(Hub);
        var plan = await PlanAsync();

        (await ApplyAsync(plan)).Expect(HttpStatusCode.Conflict, "IMPORT_BLOCKED");

        Assert.Single(plan.At("blocks").EnumerateArray());
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public async Task When_the_machine_refuses_a_step_all_is_as_it_was()
    {
        await StartAsync();
        var (plan, peers) = (await PlanAsync(), await PeerLinesAsync());
        await File.WriteAllTextAsync(Refusing, "", Cancel);

        (await ApplyAsync(plan)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");

        Assert.Equal(peers, await PeerLinesAsync());
        Assert.Empty(await SpokesAsync());
        File.Delete(Refusing);
        (await ApplyAsync(plan)).Expect(HttpStatusCode.OK);
        Assert.Equal(3, (await SpokesAsync()).Count());
    }

    [Fact]
    public async Task Names_may_be_chosen_and_none_is_given_twice()
    {
        await StartAsync();
        var plan = await PlanAsync();

        (await ApplyAsync(plan, new() { [_nameless] = "laptop" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await ApplyAsync(plan, new() { [_nameless] = "a b" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await ApplyAsync(plan, new() { [_nameless] = "printer" })).Expect(HttpStatusCode.OK);

        Assert.Contains($"printer {Hub.Address(4)}/32", await SpokesAsync());
    }

    /// <summary>Who was called there, and still is, must call the hub from the next boot on; one that was seen elsewhere since does so already.</summary>
    [Theory]
    [InlineData("127.0.0.1:4711", true)]
    [InlineData("192.0.2.7:4711", false)]
    public async Task An_endpoint_of_the_file_is_told_of_where_the_interface_still_has_it(string endpoint, bool isTold)
    {
        await StartAsync();
        var file = await File.ReadAllTextAsync(Hub.ConfFile, Cancel);
        var key = $"PublicKey = {_laptop}\n";
        await File.WriteAllTextAsync(Hub.ConfFile, file.Replace(key, $"{key}Endpoint = {endpoint}\n", StringComparison.Ordinal), Cancel);

        var plan = (await PlanAsync()).Expect(HttpStatusCode.OK);

        Assert.Equal(isTold, plan.Body.Contains($"The hub called it at {endpoint}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_the_hubs_key_makes_no_hub()
    {
        var files = new[] { Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"[Peer]\nPublicKey = {_laptop}\nAllowedIPs = {Hub.Address(2)}/32\n")) };
        var plan = (await Hub.Admin.PostAsync("/api/import/plan", new { files, hub = new { networkCIDR = Hub.Network } })).Expect(HttpStatusCode.OK);

        (await Hub.Admin.PostAsync("/api/import/apply", new { files, hub = new { networkCIDR = Hub.Network }, plan = plan.Text("plan") }))
            .Expect(HttpStatusCode.Conflict, "IMPORT_BLOCKED");
    }

    [Fact]
    public async Task Where_nothing_runs_that_is_told() => (await PlanAsync()).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    private Task StartAsync() => QuickInterface.StartAsync(Hub, _laptop, _office, _nameless);

    private Task<Answer> PlanAsync() => Hub.Admin.PostAsync("/api/import/plan", new { running = true });

    private Task<Answer> ApplyAsync(Answer plan, Dictionary<string, string>? names = null) =>
        Hub.Admin.PostAsync("/api/import/apply", new { running = true, hub = new { publicEndpoint = "vpn.example.com" }, names, plan = plan.Text("plan") });

    private async Task<string[]> PeerLinesAsync() => [.. (await Wg.RunAsync($"wg showconf {Hub.Interface}")).Split('\n').Order()];

    private Task<string> RoutesAsync() => Wg.RunAsync($"ip route show dev {Hub.Interface}");

    private async Task<IEnumerable<string>> SpokesAsync() =>
        (await Hub.Viewer.GetAsync("/api/spoke/list")).At("spokes").EnumerateArray()
        .Select(spoke => $"{spoke.GetProperty("name")} {string.Join(' ', spoke.GetProperty("allowedIPs").EnumerateArray())}");

    private static string NameOf(string key) => new ProposedNames([]).For(null, key).Text;
}
