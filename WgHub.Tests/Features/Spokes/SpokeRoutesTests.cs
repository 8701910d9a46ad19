using System.Net;
using System.Text.Json;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>What a spoke routes: chosen in each of the ways, told in each of the answers, and known to be had or not.</summary>
public sealed class SpokeRoutesTests : HubTest
{
    private static readonly string[] List = ["10.20.0.0/16", "fd99::/64"];

    private string Own => $"{Hub.Address(1)}/32";

    [Theory]
    [InlineData("hub")]
    [InlineData("network")]
    [InlineData("all")]
    [InlineData("")]
    public async Task The_answer_obeys_the_token(string word)
    {
        var (spoke, answer) = await EnrolAsync(word.Length == 0 ? null : word);

        string[] expected = word switch { "hub" => [Own], "all" => ["0.0.0.0/0", "::/0"], _ => [Hub.Network] };
        Assert.Equal(expected, Texts(answer.At("hub", "allowedIPs")));
        var now = (await Hub.Viewer.GetAsync($"/api/spoke/{spoke}")).Expect(HttpStatusCode.OK);
        Assert.Equal((word, "False"), (now.Text("routes") ?? "", now.Text("routesBehind")));
    }

    [Fact]
    public async Task A_list_comes_with_the_hub_in_both_families_and_in_each_form()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);
        var (_, answer) = await EnrolAsync(List);
        var told = Texts(answer.At("hub", "allowedIPs"));

        Assert.Equal([Own, .. List], told.Where(network => !network.EndsWith("/128", StringComparison.Ordinal)));
        Assert.Single(told, network => network.EndsWith("/128", StringComparison.Ordinal));
        foreach (var format in new[] { "wg-quick", "openwrt", "mikrotik", "opnsense", "unifi" })
        {
            var token = await TokenAsync(List);
            var body = (await Hub.Nobody.PostAsync(
                $"/api/spoke/register?format={format}", new { token, publicKey = Wg.NewKey(), os = "router" })).Expect(HttpStatusCode.Created).Body;
            Assert.All(told, network => Assert.Contains(network, body, StringComparison.Ordinal));
            Assert.DoesNotContain("{{", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("openwrt", "zone wan")]
    [InlineData("mikrotik", "action=masquerade")]
    [InlineData("opnsense", "Far Gateway")]
    [InlineData("unifi", "all traffic")]
    public async Task A_router_that_sends_everything_is_told_what_that_takes(string format, string words)
    {
        var token = await TokenAsync("all");

        var body = (await Hub.Nobody.PostAsync($"/api/spoke/register?format={format}", new { token, publicKey = Wg.NewKey(), os = "router" }))
            .Expect(HttpStatusCode.Created)
            .Body;

        Assert.Contains(words, body, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\n{3}|\r|[^\x0a\x20-\x7e]", body);
    }

    [Fact]
    public async Task Its_own_choice_goes_before_its_groups_and_that_before_the_network()
    {
        (await Hub.Operator.PutAsync("/api/groups/laptops", new { routes = "all" })).Expect(HttpStatusCode.OK);
        var (follows, answer) = await EnrolAsync(null, "laptops");
        var (own, ownAnswer) = await EnrolAsync("hub", "laptops");

        Assert.Equal(["0.0.0.0/0", "::/0"], Texts(answer.At("hub", "allowedIPs")));
        Assert.Equal([Own], Texts(ownAnswer.At("hub", "allowedIPs")));
        (await Hub.Operator.PutAsync("/api/groups/laptops", new { routes = List })).Expect(HttpStatusCode.OK);
        Assert.Equal((true, false), (await IsBehindAsync(follows), await IsBehindAsync(own)));
        Assert.Equal([follows], await BehindAsync("true"));
        Assert.Equal([own], await BehindAsync("false"));

        (await Hub.Operator.PatchAsync($"/api/spoke/{own}", new { routes = (string?)null })).Expect(HttpStatusCode.OK);
        Assert.True(await IsBehindAsync(own));
        (await Hub.Operator.PatchAsync($"/api/spoke/{follows}", new { group = "" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.DeleteAsync("/api/groups/laptops")).Expect(HttpStatusCode.OK);
        Assert.Equal([Hub.Network], Texts((await AgainAsync(follows)).At("hub", "allowedIPs")));
        Assert.Equal((false, true), (await IsBehindAsync(follows), await IsBehindAsync(own)));
    }

    [Theory]
    [InlineData("hub")]
    [InlineData("network")]
    [InlineData("all")]
    [InlineData("10.20.0.0/16")]
    public async Task Who_is_behind_is_the_same_in_the_list_and_on_the_spoke(string word)
    {
        var (spoke, _) = await EnrolAsync("10.99.0.0/16");

        (await Hub.Operator.PostAsync("/api/spoke/bulk", new { ids = new[] { spoke }, action = "setRoutes", value = word })).Expect(HttpStatusCode.OK);
        Assert.True(await IsBehindAsync(spoke));
        Assert.Equal([spoke], await BehindAsync("true"));

        await AgainAsync(spoke);
        Assert.False(await IsBehindAsync(spoke));
        Assert.Empty(await BehindAsync("true"));
    }

    [Fact]
    public async Task A_larger_network_of_the_hub_leaves_its_spokes_behind()
    {
        var (spoke, _) = await EnrolAsync(null);

        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);

        Assert.True(await IsBehindAsync(spoke));
    }

    [Fact]
    public async Task A_change_ends_no_tunnel_and_is_told_in_the_log()
    {
        var (spoke, _) = await EnrolAsync(null);
        var before = await Wg.PeersAsync(Hub.Interface);

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke}", new { routes = "all" })).Expect(HttpStatusCode.OK);

        Assert.Equal(before, await Wg.PeersAsync(Hub.Interface));
        Assert.Contains(
            "of its group \\u2192 all",
            (await Hub.Viewer.GetAsync("/api/audit?event=spoke.changed")).Body.Replace("→", "\\u2192", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("10.20.0.1/16")]
    [InlineData("0.0.0.0/0")]
    public async Task What_cannot_be_routed_is_refused_by_each_call(string word)
    {
        var spoke = await Hub.EnrolAsync();
        foreach (var routes in new object[] { word, new[] { word } })
        {
            Assert.Equal(["routes"], (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), routes }))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED").Members("errors"));
            (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { routes })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
            (await Hub.Operator.PutAsync("/api/groups/north", new { routes })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
            (await Hub.Operator.PostAsync("/api/proxmox/cluster-token", new { routes })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }

        foreach (var routes in new object[] { 7, new { all = true }, new object[] { 7 }, Array.Empty<string>() })
        {
            (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { routes })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
    }

    [Fact]
    public async Task A_tunnel_that_would_lead_into_itself_is_refused()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "203.0.113.7:51820" })).Expect(HttpStatusCode.OK);

        var refusal = (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "loop", routes = new[] { "203.0.113.0/24" } }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Contains("would lead into itself", refusal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_forms_choose_it_and_the_page_says_what_the_machine_needs()
    {
        var person = await Hub.PersonAsync(Roles.Operator);
        (await person.PostAsync("/tokens", ("SpokeName", "paris"), ("Routes", "list"), ("RoutedNetworks", "10.20.0.0/16, fd99::/64"), ("ExpiresInHours", "1")))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(List, Texts((await Hub.Viewer.GetAsync("/api/installation/tokens")).At("tokens")[0].GetProperty("routes")));
        (await person.PostAsync("/groups", ("Name", "north"), ("Routes", "all"))).Expect(HttpStatusCode.Redirect);
        Assert.Contains("everything", (await person.GetAsync("/groups")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        var (spoke, _) = await EnrolAsync(null);
        var path = $"/spokes/{spoke}";
        (await person.PostAsync(path, ("Name", "lima"), ("Routes", "list"), ("RoutedNetworks", ""))).Expect(HttpStatusCode.UnprocessableEntity);
        (await person.PostAsync(path, ("Name", "lima"), ("Routes", "all"))).Expect(HttpStatusCode.OK);
        Assert.Contains("/i/again", (await person.GetAsync(path)).Body, StringComparison.Ordinal);
        Assert.Contains("older routes", (await person.GetAsync("/spokes?routesBehind=true")).Body, StringComparison.Ordinal);

        (await person.PostAsync($"{path}?handler=Held")).Expect(HttpStatusCode.Redirect);
        Assert.DoesNotContain("routes-behind", (await person.GetAsync(path)).Body, StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync(object? routes, string? group = null) =>
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), routes, group }))
            .Expect(HttpStatusCode.Created)
            .Text("token", "token")!;

    private readonly Dictionary<string, (string Token, string Key)> _machines = [];

    private async Task<(string Id, Answer Answer)> EnrolAsync(object? routes, string? group = null)
    {
        var (token, key) = (await TokenAsync(routes, group), Wg.NewKey());
        var answer = (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.Created);
        var id = answer.Text("spoke", "id")!;
        _machines[id] = (token, key);
        return (id, answer);
    }

    /// <summary>Its line once more.</summary>
    private async Task<Answer> AgainAsync(string id) => (await Hub.RegisterAsync(_machines[id].Token, _machines[id].Key)).Expect(HttpStatusCode.OK);

    private async Task<bool> IsBehindAsync(string id) => (await Hub.Viewer.GetAsync($"/api/spoke/{id}")).At("routesBehind").GetBoolean();

    private async Task<string[]> BehindAsync(string which) =>
        [.. (await Hub.Viewer.GetAsync($"/api/spoke/list?routesBehind={which}")).At("spokes").EnumerateArray()
            .Select(spoke => spoke.GetProperty("id").GetString()!)];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
