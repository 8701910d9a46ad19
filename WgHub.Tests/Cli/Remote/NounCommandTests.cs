using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Cli.Remote;

/// <summary>The commands that are calls of the API, as somebody runs them beside a hub.</summary>
public sealed class NounCommandTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_list_is_a_line_for_each_and_the_APIs_own_JSON_for_programs()
    {
        await SpokesAsync("list-a", "list-b");

        var lines = (await RunAsync("spoke", "list", "--q", "list-")).OrThrow().TrimEnd('\n').Split('\n');
        Assert.StartsWith("NAME    ADDRESS", lines[0], StringComparison.Ordinal);
        Assert.Equal(["list-a", "list-b"], lines[1..].Select(line => line.Split(' ')[0]));
        Assert.All(lines,
            line => Assert.Equal(7, line.Replace("LAST HANDSHAKE", "LAST", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Equal("list-a\nlist-b\n", (await RunAsync("spoke", "list", "--q", "list-", "-o", "name")).OrThrow());
        Assert.Equal("NAME    OS\nlist-a  linux\nlist-b  linux\n", (await RunAsync("spoke", "list", "--q", "list-", "--columns", "name,os")).OrThrow());
        var (ours, theirs) = (Json((await RunAsync("spoke", "list", "--json")).OrThrow()), (await hub.Viewer.GetAsync("/api/spoke/list?pageSize=500")).Json);
        Assert.True(JsonElement.DeepEquals(theirs.GetProperty("spokes"), ours.GetProperty("spokes")));
        Assert.True(JsonElement.DeepEquals(
            (await hub.Viewer.GetAsync("/api/hub/config")).Json, Json((await RunAsync("hub", "show", "--json")).OrThrow())));
    }

    [Fact]
    public async Task Several_are_changed_one_after_the_other_by_name_or_id_and_one_that_is_not_there_holds_up_nobody()
    {
        var ids = await SpokesAsync("many-a", "many-b", "many-c");

        var told = await RunAsync("spoke", "disable", "many-a", "many-x", "MANY-B", ids[2]);

        Assert.Equal((5, "wghub: many-x: There is no spoke 'many-x'. (NOT_FOUND)\n"), (told.ExitCode, told.Error));
        Assert.Equal(3, told.Output.Count(letter => letter == '\n'));
        Assert.Equal("many-a\nmany-b\nmany-c\n", (await RunAsync("spoke", "list", "--status", "disabled", "--q", "many", "-o", "name")).OrThrow());
        var both = Json((await RunAsync("spoke", "enable", "many-a", "many-b", "--json")).OrThrow());
        Assert.Equal(["many-a", "many-b"], both.EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        (await RunAsync("spoke", "remove", "many-a", "many-b", "many-c")).OrThrow();
        Assert.Equal("", (await RunAsync("spoke", "list", "--q", "many", "-o", "name")).OrThrow());
    }

    [Fact]
    public async Task What_is_changed_is_what_was_named_and_a_word_takes_away()
    {
        await SpokesAsync("set-a");

        (await RunAsync("spoke", "set", "set-a", "--tags", "x,y", "--notes", "über \"alles\"",
            "--expires-at", "2099-01-01T00:00:00Z", "--routes", "10.9.0.0/24")).OrThrow();
        var spoke = Json((await RunAsync("spoke", "show", "set-a", "--json")).OrThrow());
        Assert.Equal("über \"alles\"", spoke.GetProperty("notes").GetString());
        Assert.Equal(["x", "y"], spoke.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("10.9.0.0/24", spoke.GetProperty("routes")[0].GetString());
        (await RunAsync("spoke", "set", "set-a", "--tags", "", "--expires-at", "never", "--routes", "group")).OrThrow();
        spoke = Json((await RunAsync("spoke", "show", "set-a", "--json")).OrThrow());
        Assert.Equal((0, JsonValueKind.Null, JsonValueKind.Null),
            (spoke.GetProperty("tags").GetArrayLength(), spoke.GetProperty("expiresAt").ValueKind, spoke.GetProperty("routes").ValueKind));
        Assert.Equal("über \"alles\"", spoke.GetProperty("notes").GetString());
    }

    [Theory]
    [InlineData(5, "There is no spoke 'nobody'. (NOT_FOUND)", "spoke", "show", "nobody")]
    [InlineData(64, "--cidr: A network such as 192.168.10.0/24 or fd00:10::/64. (VALIDATION_FAILED)", "network", "add", "x", "--cidr", "1.2.3", "--via", "hub")]
    [InlineData(6, "The hub is set up already. Change its settings instead. (HUB_ALREADY_INITIALIZED)",
        "hub", "init", "--network-cidr", "10.1.0.0/16", "--public-endpoint", "a.example")]
    [InlineData(64, "--listen-port many: a whole number.", "hub", "set", "--listen-port", "many")]
    [InlineData(64, "--spoke-to-spoke maybe: on or off.", "hub", "set", "--spoke-to-spoke", "maybe")]
    [InlineData(64, "--output xml: table, wide, name or json.", "spoke", "list", "-o", "xml")]
    [InlineData(64, "There is no command 'wghub spoke lits'. Did you mean list?", "spoke", "lits")]
    [InlineData(64, "There is no command 'wghub spoke delete'. Did you mean remove?", "spoke", "delete")]
    [InlineData(64, "There is no command 'wghub peers'. Did you mean spoke?", "peers")]
    [InlineData(64, "--server http://hub.example.com: over plain HTTP anybody on the way would have the token. Use https.",
        "spoke", "list", "--server", "http://hub.example.com")]
    [InlineData(64, "--server hub: an address such as https://hub.example.com.", "spoke", "list", "--server", "hub")]
    public async Task A_refusal_has_its_status_and_its_code(int status, string sentence, params string[] command)
    {
        var told = await RunAsync(command);

        Assert.Equal((status, "", $"wghub: {sentence}\n"), (told.ExitCode, told.Output, told.Error));
    }

    [Fact]
    public async Task A_change_of_nothing_is_asked_what_it_means()
    {
        await SpokesAsync("nothing-a");

        var told = await RunAsync("spoke", "set", "nothing-a");

        Assert.Equal(64, told.ExitCode);
        Assert.StartsWith("wghub: spoke set: what is to be changed? There are --name, --group, ", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_elsewhere_takes_the_token_and_its_role()
    {
        var viewer = (await RunAsync("api-token", "create", "--name", "cli-viewer", "--role", "viewer")).OrThrow().Trim();

        Assert.Equal(0, (await RemoteAsync(viewer, "hub", "show")).ExitCode);
        var refused = await RemoteAsync(viewer, "group", "set", "x", "--routes", "hub");
        Assert.Equal(4, refused.ExitCode);
        Assert.EndsWith("(FORBIDDEN)\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await RemoteAsync("wgh_wrong", "hub", "show")).ExitCode);
        var without = await Shell.RunAsync(["env", "-u", "WGHUB_TOKEN", Binary, "hub", "show", "--server", hub.Url], Cancel);
        Assert.Equal(64, without.ExitCode);
        Assert.Equal(1, (await Wghub.RunAsync(hub.Folder.FullName, ["WGHUB_TOKEN=x", "WGHUB_SERVER=http://127.0.0.1:9"], "", "hub", "show")).ExitCode);
    }

    [Fact]
    public async Task What_a_stranger_called_a_machine_does_not_reach_the_terminal()
    {
        var (_, token, _) = await hub.TokenAsync("escape-a");
        var metadata = new { hostname = "a\u2028false line\u202egpj" };
        (await hub.Nobody.PostAsync(
            "/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "linux", metadata })).Expect(HttpStatusCode.Created);

        foreach (var command in new[] { new[] { "spoke", "show", "escape-a" }, ["spoke", "list", "--columns", "name,metadata"] })
        {
            var told = (await RunAsync(command)).OrThrow();
            Assert.DoesNotContain(told, letter => letter is '\u2028' or '\u202e');
            Assert.Contains("false line", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_network_names_its_spoke_by_name()
    {
        var ids = await SpokesAsync("carrier");

        (await RunAsync("network", "add", "far", "--cidr", "10.201.0.0/24", "--via", "carrier")).OrThrow();
        Assert.Equal(ids[0], Json((await RunAsync("network", "list", "--json")).OrThrow()).GetProperty("networks")[0].GetProperty("via").GetString());
        (await RunAsync("network", "remove", "far")).OrThrow();
    }

    [Fact]
    public async Task Rules_are_added_changed_and_removed_in_one_document()
    {
        (await RunAsync("group", "set", "admins", "--routes", "network")).OrThrow();
        (await RunAsync("rule", "add", "--from", "group:admins", "--to", "anybody", "--protocol", "tcp", "--ports", "22", "--note", "ssh")).OrThrow();
        var dry = (await RunAsync("rule", "add", "--from", "anybody", "--to", "anybody", "--dry-run")).OrThrow();
        Assert.Contains("planHash", dry, StringComparison.Ordinal);
        (await RunAsync("rule", "set", "2", "--ports", "22,8006", "--enabled", "off")).OrThrow();
        var rule = Json((await RunAsync("rule", "list", "--json")).OrThrow()).GetProperty("rules").EnumerateArray().Last();
        Assert.Equal(("22,8006", false, "ssh"),
            (rule.GetProperty("ports").GetString(), rule.GetProperty("enabled").GetBoolean(), rule.GetProperty("note").GetString()));
        Assert.Equal(5, (await RunAsync("rule", "remove", "7")).ExitCode);
        (await RunAsync("rule", "remove", rule.GetProperty("id").GetString()!)).OrThrow();
        Assert.Equal(1, Json((await RunAsync("rule", "list", "--json")).OrThrow()).GetProperty("rules").GetArrayLength()); // what there was
        Assert.Equal("no", (await RunAsync("rule", "check", "--from", "group:admins", "--to", "anybody")).OrThrow().Split('\n')[0].Split(' ')[^1]);
    }

    [Fact]
    public async Task Any_call_of_the_API_can_be_made_as_it_is()
    {
        Assert.True(Json((await RunAsync("api", "get", "/api/hub/status")).OrThrow()).GetProperty("up").GetBoolean());
        var told = await Wghub.RunAsync(hub.Folder.FullName, [], """{"networks": [{"cidr": "10.250.0.0/16", "note": "x"}]}""",
            "api", "PUT", "/api/networks/barred", "--body", "-");
        Assert.Equal("10.250.0.0/16", Json(told.OrThrow()).GetProperty("networks")[0].GetProperty("cidr").GetString());
        Assert.Equal(5, (await RunAsync("api", "GET", "/api/none")).ExitCode);
    }

    private static string Binary => Path.Combine(AppContext.BaseDirectory, "wghub");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private Task<ShellResult> RunAsync(params string[] command) => Wghub.RunAsync(hub.Folder.FullName, [], "", command);

    private Task<ShellResult> RemoteAsync(string token, params string[] command) =>
        Shell.RunAsync(["env", $"WGHUB_TOKEN={token}", Binary, .. command, "--server", hub.Url, "--data", "/nowhere"], Cancel);

    private async Task<IReadOnlyList<string>> SpokesAsync(params string[] names)
    {
        var ids = new List<string>();
        foreach (var name in names)
        {
            ids.Add((await hub.EnrolAsync(name)).Id);
        }

        return ids;
    }
}
