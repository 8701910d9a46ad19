using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Policy;

/// <summary>Rules over the API: what is taken, what is refused, and that nothing is done by half.</summary>
public sealed class PolicyApiTests : HubTest
{
    private static readonly object ToHub = new { from = "anybody", to = "hub" };

    [Fact]
    public async Task A_new_hub_lets_everybody_reach_itself_and_nothing_else()
    {
        var policy = (await Hub.Viewer.GetAsync("/api/policy")).Expect(HttpStatusCode.OK);

        Assert.Equal(("anybody", "hub", "any"), (policy.Text("rules", "0", "from"), policy.Text("rules", "0", "to"), policy.Text("rules", "0", "protocol")));
        Assert.Equal(1, policy.At("rules").GetArrayLength());
        Assert.Equal("\"1\"", policy.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Rules_keep_their_ids_their_order_and_their_names()
    {
        await EnrolAsync("laptop", "staff");
        var saved = (await Hub.Admin.PutAsync(
            "/api/policy",
            new { rules = new[] { ToHub, new { from = "group:staff", to = "spoke:LAPTOP", protocol = "tcp", ports = "8000-8100, 22,23", note = "ssh" } } }))
            .Expect(HttpStatusCode.OK);
        var id = saved.Text("rules", "1", "id");

        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list")).Text("spokes", "0", "id");
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke}", new { name = "notebook" })).Expect(HttpStatusCode.OK);
        var read = await Hub.Viewer.GetAsync("/api/policy");

        Assert.Equal(("group:staff", "spoke:notebook", "22-23,8000-8100", "ssh"), (
            read.Text("rules", "1", "from"), read.Text("rules", "1", "to"), read.Text("rules", "1", "ports"), read.Text("rules", "1", "note")));
        var again = (await Hub.Admin.SendTextAsync(HttpMethod.Put, "/api/policy", read.Body)).Expect(HttpStatusCode.OK);
        Assert.Equal((id, "2"), (again.Text("rules", "1", "id"), again.Text("revision")));
    }

    [Theory]
    [InlineData("from", "internet")]
    [InlineData("from", "hub")]
    [InlineData("from", "")]
    [InlineData("from", "group:")]
    [InlineData("from", "group:nobody")]
    [InlineData("from", "spoke:nobody")]
    [InlineData("to", "network:nowhere")]
    [InlineData("to", "anybody:x")]
    [InlineData("to", "10.0.0.0/8")]
    [InlineData("protocol", "gre")]
    [InlineData("ports", "0")]
    [InlineData("ports", "65536")]
    [InlineData("ports", "22-")]
    [InlineData("ports", "90-80")]
    [InlineData("ports", "022")]
    [InlineData("ports", "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31")]
    [InlineData("ports", "22 } ; flush ruleset ; {")]
    [InlineData("note", "a\nb")]
    public async Task What_no_rule_can_say_is_refused_with_its_field(string field, string value)
    {
        var rule = new Dictionary<string, string> { ["from"] = "anybody", ["to"] = "hub", ["protocol"] = "tcp", [field] = value };

        var refused = await Hub.Admin.PutAsync("/api/policy", new { rules = new[] { ToHub, rule } });

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_FAILED"), (refused.Status, refused.Text("code")));
        Assert.True(refused.At("errors").TryGetProperty($"rules[1].{field}", out _), refused.Body);
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/policy")).Text("revision"));
    }

    [Fact]
    public async Task Too_many_rules_and_one_twice_are_refused_whole()
    {
        var many = Enumerable.Range(1, 10_000).Select(port => new { from = "anybody", to = "hub", protocol = "tcp", ports = $"{port}" }).ToArray();

        Assert.Contains("At most 1000 rules", (await Hub.Admin.PutAsync("/api/policy", new { rules = many })).Body, StringComparison.Ordinal);
        Assert.Contains("the same as rule 1", (await Hub.Admin.PutAsync("/api/policy", new { rules = new[] { ToHub, ToHub } })).Body, StringComparison.Ordinal);
        (await Hub.Admin.PutAsync("/api/policy", new { rules = many[..1_000] })).Expect(HttpStatusCode.OK);
        Assert.Equal("1000", $"{(await Hub.Viewer.GetAsync("/api/policy")).At("rules").GetArrayLength()}");
    }

    [Fact]
    public async Task A_change_that_breaks_a_test_is_refused_and_names_it()
    {
        await EnrolAsync("laptop", "staff");
        await EnrolAsync("nas", "servers");
        (await Hub.Admin.PutAsync(
            "/api/policy",
            new
            {
                rules = new[] { ToHub, new { from = "group:staff", to = "spoke:nas", protocol = "tcp", ports = "445" } },
                tests = new[]
                {
                    new { from = "spoke:laptop", to = "spoke:nas", protocol = "tcp", port = 445, expect = "allow" },
                    new { from = "spoke:nas", to = "spoke:laptop", protocol = "tcp", port = 22, expect = "deny" },
                },
            })).Expect(HttpStatusCode.OK);

        var without = new { rules = new[] { new { id = (await Hub.Viewer.GetAsync("/api/policy")).Text("rules", "0", "id"), from = "anybody", to = "hub" } } };
        var plan = (await Hub.Admin.PutAsync("/api/policy?dryRun=true", without)).Expect(HttpStatusCode.OK);
        var refused = (await Hub.Admin.PutAsync("/api/policy", without)).Expect(HttpStatusCode.Conflict, "POLICY_TEST_FAILED");

        Assert.Equal("- group:staff → spoke:nas tcp 445", plan.Text("diff", "0"));
        Assert.Equal("spoke:laptop", plan.Text("failedTests", "0", "test", "from"));
        Assert.Equal("POLICY_TEST_FAILED", refused.Text("code"));
        Assert.Contains("spoke:laptop → spoke:nas tcp 445: allow", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("2", (await Hub.Viewer.GetAsync("/api/policy")).Text("revision"));
    }

    [Fact]
    public async Task Who_read_something_older_or_planned_something_else_is_told()
    {
        var wish = new { rules = new[] { ToHub, new { from = "anybody", to = "internet" } } };
        var plan = (await Hub.Admin.PutAsync("/api/policy?dryRun=true", wish)).Text("planHash");

        var old = await Hub.Admin.SendAsync(HttpMethod.Put, "/api/policy", System.Net.Http.Json.JsonContent.Create(wish), ("If-Match", "\"7\""));
        var other = await Hub.Admin.PutAsync("/api/policy?planHash=0000", wish);
        (await Hub.Admin.SendAsync(HttpMethod.Put, $"/api/policy?planHash={plan}", System.Net.Http.Json.JsonContent.Create(wish), ("If-Match", "\"1\"")))
            .Expect(HttpStatusCode.OK);

        Assert.Equal(("REVISION_CONFLICT", "PLAN_CHANGED"), (old.Text("code"), other.Text("code")));
    }

    [Fact]
    public async Task A_change_on_trial_stays_when_it_is_confirmed_over_another_connection()
    {
        var wish = new { rules = new[] { ToHub, new { from = "anybody", to = "internet" } } };
        (await Hub.Admin.PutAsync("/api/policy?confirmSeconds=60", wish)).Expect(HttpStatusCode.OK);

        var meanwhile = await Hub.Admin.PutAsync("/api/policy", new { rules = new[] { ToHub } });
        (await Hub.Admin.PostAsync("/api/policy/confirm", new { revision = 2 })).Expect(HttpStatusCode.OK);
        var again = await Hub.Admin.PostAsync("/api/policy/confirm", new { });

        Assert.Equal(("REVISION_CONFLICT", "ROLLED_BACK"), (meanwhile.Text("code"), again.Text("code")));
        Assert.Equal("2", $"{(await Hub.Viewer.GetAsync("/api/policy")).At("rules").GetArrayLength()}");
    }

    [Theory]
    [InlineData("spoke:laptop", "spoke:nas", "tcp", 445, true, "Rule 2 allows it")]
    [InlineData("spoke:laptop", "spoke:nas", "tcp", 446, false, "there is only: group:staff → spoke:nas tcp 445")]
    [InlineData("spoke:nas", "spoke:laptop", "tcp", 445, false, "There is none between the two")]
    [InlineData("hub", "spoke:laptop", "tcp", 22, true, "not held back")]
    [InlineData("internet", "spoke:laptop", "tcp", 22, false, "Nothing starts from the internet")]
    [InlineData("group:staff", "hub", "icmp", null, true, "Rule 1 allows it")]
    public async Task Whether_one_may_reach_another_is_answered_with_the_reason(
        string from, string to, string protocol, int? port, bool isAllowed, string because)
    {
        await EnrolAsync("laptop", "staff");
        await EnrolAsync("nas", "servers");
        (await Hub.Admin.PutAsync(
            "/api/policy", new { rules = new[] { ToHub, new { from = "group:staff", to = "spoke:nas", protocol = "tcp", ports = "445" } } }))
            .Expect(HttpStatusCode.OK);

        var answer = await Hub.Viewer.GetAsync($"/api/policy/check?from={from}&to={to}&protocol={protocol}{(port is null ? "" : $"&port={port}")}");

        Assert.Equal(isAllowed ? "True" : "False", answer.Text("allowed"), ignoreCase: true);
        Assert.Contains(because, answer.Text("because"), StringComparison.Ordinal);
    }

    /// <summary>A rule ends with the spoke that it names; the others stay.</summary>
    [Fact]
    public async Task A_spoke_that_goes_takes_its_rules_along()
    {
        await EnrolAsync("laptop", "staff");
        (await Hub.Admin.PutAsync("/api/policy", new { rules = new[] { ToHub, new { from = "spoke:laptop", to = "internet" } } })).Expect(HttpStatusCode.OK);
        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list")).Text("spokes", "0", "id");

        (await Hub.Operator.DeleteAsync($"/api/spoke/{spoke}")).Expect(HttpStatusCode.OK);

        var left = await Hub.Viewer.GetAsync("/api/policy");
        Assert.Equal("1", $"{left.At("rules").GetArrayLength()}");
        (await Hub.Admin.SendTextAsync(HttpMethod.Put, "/api/policy", left.Body)).Expect(HttpStatusCode.OK);
    }

    /// <summary>nft that is not there: nothing is forwarded, it is told, and heals by itself when it comes.</summary>
    [Fact]
    public async Task Without_nft_nothing_passes_and_it_is_told_and_heals()
    {
        var nft = Path.Combine(Hub.Folder.FullName, "nft");
        await using var hub = new TestHub { Settings = { ["WireGuard:NftCommand"] = nft } };
        await hub.InitializeAsync();
        await hub.ReconcileAsync();
        var status = await hub.Viewer.GetAsync("/api/hub/status");
        var shut = await Wg.RunAsync("ip rule show priority 5180");

        File.CreateSymbolicLink(nft, "/usr/sbin/nft");
        await hub.ReconcileAsync();

        Assert.Contains("nothing passes between spokes or beyond the hub", status.Body, StringComparison.Ordinal);
        Assert.Matches($"from all iif {hub.Interface} prohibit", shut);
        Assert.DoesNotContain("nothing passes", (await hub.Viewer.GetAsync("/api/hub/status")).Body, StringComparison.Ordinal);
        Assert.DoesNotMatch($"from all iif {hub.Interface} prohibit", await Wg.RunAsync("ip rule show priority 5180"));
    }

    private async Task EnrolAsync(string name, string group)
    {
        var spoke = await Hub.EnrolAsync(name);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group })).Expect(HttpStatusCode.OK);
    }
}
