using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Cli.Apply;

/// <summary><c>wghub apply</c> beside a hub: what a file says is so, and once is enough.</summary>
public sealed class ApplyTests : HubTest
{
    private readonly string _key = Wg.NewKey();

    private string All => $$"""
        groups:
          - {name: servers, routes: hub}
          - {name: admins}
        spokes:
          - {name: web1, group: servers, tags: [b, a], platform: linux}
          - {name: db1, publicKey: "{{_key}}", group: servers, notes: "the \"database\"", routes: [10.20.0.0/16], expiresAt: 2099-01-31T12:00:00+02:00}
        networks:
          - {name: lan, cidr: 10.201.0.0/24, via: DB1}
        rules:
          - {from: "group:admins", to: "network:lan", protocol: tcp, ports: "8006, 22", note: x}
        tests:
          - {from: "group:admins", to: "network:lan", protocol: tcp, port: 22, expect: allow}
        """;

    [Fact]
    public async Task A_dry_run_tells_and_does_nothing_a_run_does_it_and_a_second_one_changes_nothing()
    {
        var dry = Json(await ApplyAsync(All, "--dry-run", "--json"));
        Assert.Equal(["servers", "admins", "web1", "db1", "lan"], Names(dry).Take(5));
        Assert.Equal(7, Names(dry).Count());
        Assert.True(dry.GetProperty("changed").GetBoolean());
        Assert.Equal(0, (await Hub.Viewer.GetAsync("/api/spoke/list")).Json.GetProperty("total").GetInt32());

        var done = Json(await ApplyAsync(All, "--json", "--plan", dry.GetProperty("plan").GetString()!));
        Assert.Equal(Names(dry), Names(done));
        var once = done.GetProperty("changes")[2].GetProperty("once");
        (await Hub.RegisterAsync(once.GetProperty("token").GetString()!, Wg.NewKey())).Expect(HttpStatusCode.Created);
        Assert.NotEqual("", done.GetProperty("changes")[3].GetProperty("once").GetProperty("presharedKey").GetString());

        var again = Json(await ApplyAsync(All, "--json"));
        Assert.Equal((false, 0), (again.GetProperty("changed").GetBoolean(), again.GetProperty("changes").GetArrayLength()));
        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list?q=db1")).Json.GetProperty("spokes")[0];
        Assert.Equal(("the \"database\"", _key), (spoke.GetProperty("notes").GetString(), spoke.GetProperty("publicKey").GetString()));
        Assert.Contains(_key, (await Shell.RunAsync(["wg", "show", Hub.Interface, "peers"], Cancel)).OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_is_changed_and_what_a_file_does_not_say_stays()
    {
        Json(await ApplyAsync(All, "--json"));
        (await Hub.Operator.PatchAsync($"/api/spoke/{await IdAsync("db1")}", new { owner = "anna" })).Expect(HttpStatusCode.OK);

        var told = await ApplyAsync(All.Replace("group: servers, notes", "group: other, notes", StringComparison.Ordinal)
            .Replace("via: DB1", "via: db1, masquerade: off", StringComparison.Ordinal).Replace("note: x", "enabled: false", StringComparison.Ordinal)
            .Replace("expect: allow", "expect: deny", StringComparison.Ordinal).Replace("tags: [b, a]", "tags: [c]", StringComparison.Ordinal));

        Assert.Equal(
            ["~ token web1  tags: a,b → c", "~ spoke db1  group: servers → other", "~ network lan  masquerade: yes → no"],
            told.OrThrow().Split('\n').Where(line => line.StartsWith('~')).Take(3));
        Assert.Contains("~ rule group:admins → network:lan tcp 22,8006  enabled: yes → no", told.Output, StringComparison.Ordinal);
        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list?q=db1")).Json.GetProperty("spokes")[0];
        Assert.Equal(("other", "anna"), (spoke.GetProperty("group").GetString(), spoke.GetProperty("owner").GetString()));
    }

    [Fact]
    public async Task What_is_absent_goes_and_what_is_not_named_goes_with_prune_alone()
    {
        Json(await ApplyAsync(All, "--json"));
        const string Some = """
            spokes: [{name: web1, state: absent}, {name: never-there, state: absent}]
            networks: []
            """;

        Assert.Equal(["web1"], Names(Json(await ApplyAsync(Some, "--dry-run", "--json"))));
        var refused = await ApplyAsync(Some, "--prune");
        Assert.Equal(6, refused.ExitCode);
        Assert.Equal(
            "wghub: 1 of 1 spokes would go: look at it with --dry-run, and give --yes if it is meant. Nothing was done. (TOO_MANY_GO)\n", refused.Error);

        var gone = Json(await ApplyAsync(Some, "--prune", "--yes", "--json"));
        Assert.Equal(["lan", "web1", "db1"], Names(gone)); // the rules' lists are not in the file, so a rule still names the network
    }

    [Fact]
    public async Task Rules_that_are_not_named_go_with_prune_in_one_step_with_those_that_come()
    {
        Json(await ApplyAsync(All, "--json"));

        const string Others = "rules: [{from: anybody, to: hub}, {from: 'group:admins', to: hub, protocol: icmp}]\ntests: []\n";
        var told = Json(await ApplyAsync(Others, "--prune", "--json"));

        Assert.Equal(["add", "remove", "remove"], told.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("action").GetString()));
        Assert.Equal(2, (await Hub.Viewer.GetAsync("/api/policy")).Json.GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public async Task Another_plan_than_was_seen_is_refused_and_nothing_is_done()
    {
        var dry = Json(await ApplyAsync(All, "--dry-run", "--json"));
        (await Hub.Operator.PutAsync("/api/groups/admins", new { routes = "network" })).Expect(HttpStatusCode.OK);

        var told = await ApplyAsync(All, "--plan", dry.GetProperty("plan").GetString()!);

        Assert.Equal(6, told.ExitCode);
        Assert.EndsWith("(PLAN_CHANGED)\n", told.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Hub.Viewer.GetAsync("/api/networks")).Json.GetProperty("networks").GetArrayLength());
    }

    [Fact]
    public async Task What_the_hub_refuses_stops_it_what_was_done_is_told_and_the_mended_file_goes_on_from_there()
    {
        var wrong = All.Replace("via: DB1", "via: nobody", StringComparison.Ordinal);

        var told = await ApplyAsync(wrong, "--json");
        Assert.Equal((5, "wghub: There is no spoke 'nobody'. (NOT_FOUND)\n"), (told.ExitCode, told.Error));
        Assert.Equal(4, JsonDocument.Parse(told.Output).RootElement.GetProperty("changes").GetArrayLength());

        Assert.Equal(["lan", "group:admins → network:lan tcp 22,8006", "group:admins → network:lan tcp 22"], Names(Json(await ApplyAsync(All, "--json"))));
    }

    [Fact]
    public async Task A_key_that_is_refused_leaves_no_token_behind()
    {
        var told = await ApplyAsync($"spokes: [{{name: x, publicKey: \"{Convert.ToBase64String(new byte[32])}\"}}]");

        Assert.Equal(64, told.ExitCode);
        Assert.EndsWith("(INVALID_PUBLIC_KEY)\n", told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            (await Hub.Viewer.GetAsync("/api/installation/tokens")).Json.GetProperty("tokens").EnumerateArray(),
            token => token.GetProperty("state").GetString() == "pending");
    }

    [Fact]
    public async Task A_spoke_with_another_key_is_not_touched()
    {
        Json(await ApplyAsync(All, "--json"));

        var told = await ApplyAsync(All.Replace(_key, Wg.NewKey(), StringComparison.Ordinal));

        Assert.Equal((6, ""), (told.ExitCode, told.Output));
        Assert.Contains("the spoke 'db1' has another key. 'wghub spoke reenrol db1' lets a new one in.", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_the_rules_break_refuses_all_of_them_before_anything_is_done()
    {
        Json(await ApplyAsync(All, "--json"));
        var broken = All.Replace("expect: allow", "expect: deny", StringComparison.Ordinal).Replace("routes: hub", "routes: all", StringComparison.Ordinal);

        var told = await ApplyAsync(broken);

        Assert.Equal(
            (6, "", "wghub: The rules would break what is to hold: group:admins → network:lan tcp 22: deny. Nothing was done. (POLICY_TEST_FAILED)\n"),
            (told.ExitCode, told.Output, told.Error));
    }

    [Fact]
    public async Task A_test_that_the_rules_of_things_to_come_break_stops_it_there()
    {
        var told = await ApplyAsync(All.Replace("expect: allow", "expect: deny", StringComparison.Ordinal));

        Assert.Equal(6, told.ExitCode);
        Assert.EndsWith("(POLICY_TEST_FAILED)\n", told.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Hub.Viewer.GetAsync("/api/policy")).Json.GetProperty("rules").GetArrayLength());
    }

    [Theory]
    [InlineData("spokes: [{name: a, colour: red}]", "standard input:1: a spoke has no 'colour'.")]
    [InlineData("a: &b [1]", "standard input:1: anchors and aliases")]
    public async Task A_file_that_says_what_none_may_is_refused_before_the_hub_is_asked(string yaml, string sentence)
    {
        var told = await ApplyAsync(yaml);

        Assert.Equal((64, ""), (told.ExitCode, told.Output));
        Assert.StartsWith($"wghub: {sentence}", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_end_is_refused()
    {
        var told = await Wghub.RunAsync(Hub.Folder.FullName, [], "", "apply", "-f", "/dev/zero");

        Assert.Equal((64, "wghub: /dev/zero has more than 4 MiB.\n"), (told.ExitCode, told.Error));
    }

    private static JsonElement Json(ShellResult told) => JsonDocument.Parse(told.OrThrow()).RootElement;

    private static IEnumerable<string?> Names(JsonElement told) =>
        told.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("name").GetString());

    private Task<ShellResult> ApplyAsync(string yaml, params string[] options) =>
        Wghub.RunAsync(Hub.Folder.FullName, [], yaml, ["apply", "-f", "-", .. options]);

    private async Task<string> IdAsync(string name) =>
        (await Hub.Viewer.GetAsync($"/api/spoke/list?q={name}")).Json.GetProperty("spokes")[0].GetProperty("id").GetString()!;
}
