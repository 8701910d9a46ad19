using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Metrics;

/// <summary>
/// The template for Zabbix 6.0. Each run reads it and holds it against what the hub tells; with <c>WGHUB_ZABBIX</c>, a root that <c>zabbix.sh make</c>
/// made, a real Zabbix takes it and watches a hub.
/// </summary>
public sealed partial class ZabbixTests : HubTest
{
    private const string Pages = "http://127.0.0.1:8088/api_jsonrpc.php";

    private static readonly string File = Repository.PathOf("docs/monitoring/wghub.zabbix.yaml");

    private static readonly string Root = Environment.GetEnvironmentVariable("WGHUB_ZABBIX") ?? "";

    private static readonly string[] Names = ["oslo", "bergen", "bodo"];

    private string? _session;

    [Fact]
    public async Task The_template_names_what_the_hub_tells_and_nothing_else()
    {
        await Hub.EnrolAsync("oslo");
        var metrics = (await Hub.Viewer.GetAsync("/metrics")).Body;
        var template = await System.IO.File.ReadAllTextAsync(File, Cancel);
        Assert.IsType<Dictionary<string, object>>(PlainYaml.Read(template));

        var patterns = Pattern().Matches(template).Select(match => match.Groups["text"].Value.Trim('\'').Replace("{#SPOKE}", "oslo", StringComparison.Ordinal))
            .ToList();

        Assert.True(patterns.Count > 20);
        Assert.All(patterns, pattern => Assert.Contains(metrics.Split('\n'), line => IsOf(line, pattern)));

        static bool IsOf(string line, string pattern) => line.StartsWith($"{pattern} ", StringComparison.Ordinal)
            || (!pattern.Contains('{', StringComparison.Ordinal) && line.StartsWith($"{pattern}{{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_id_is_a_true_one_and_its_own_and_each_trigger_asks_for_an_item_of_the_template()
    {
        var template = await System.IO.File.ReadAllTextAsync(File, Cancel);
        var ids = Id().Matches(template).Select(match => match.Groups[1].Value).ToList();
        var keys = Key().Matches(template).Select(match => match.Groups[1].Value.Trim('\'')).ToHashSet();
        var asked = Asked().Matches(template).Select(match => match.Groups[1].Value).ToList();

        Assert.True(ids.Count > 30);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$", id));
        Assert.True(asked.Count > 10);
        Assert.All(asked, key => Assert.Contains(key, keys));
        Assert.Equal(keys.Count, Key().Count(template));
    }

    [Fact]
    public async Task A_real_Zabbix_takes_it_twice_finds_each_spoke_and_tells_when_the_hub_is_gone()
    {
        Assert.SkipUnless(Root.Length > 0, "WGHUB_ZABBIX names no root; WgHub.Tests/Features/Metrics/zabbix.sh make ROOT makes one.");
        foreach (var name in Names)
        {
            await Hub.EnrolAsync(name);
        }

        using var zabbix = ShellProcess.Start(
            [Repository.PathOf("WgHub.Tests/Features/Metrics/zabbix.sh"), "serve", Root], Path.Combine(Hub.Folder.FullName, "zabbix.log"),
            new Dictionary<string, string>());
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        try
        {
            await WatchAsync(client);
        }
        finally
        {
            await Shell.RunAsync(["kill", $"{zabbix.Id}"], CancellationToken.None);
            await zabbix.WaitForExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    private async Task WatchAsync(HttpClient client)
    {
        Assert.True(await Eventually.TrueAsync(() => AnswersAsync(client), TimeSpan.FromMinutes(5), Cancel), "Zabbix does not come up.");
        _session = (await CallAsync(client, "user.login", new { username = "Admin", password = "zabbix" })).GetString();
        var rule = new { createMissing = true, updateExisting = true, deleteMissing = true };
        var kept = new { createMissing = true, updateExisting = true };
        var import = new
        {
            format = "yaml",
            source = await System.IO.File.ReadAllTextAsync(File, Cancel),
            rules = new { groups = kept, templates = kept, valueMaps = kept, items = rule, discoveryRules = rule, triggers = rule },
        };
        Assert.True((await CallAsync(client, "configuration.import", import)).GetBoolean());
        var before = await ItemsAsync(client, new { templated = true, output = "extend", sortfield = "itemid", search = new { key_ = "wghub." } });
        Assert.True((await CallAsync(client, "configuration.import", import)).GetBoolean());
        Assert.Equal(before, await ItemsAsync(client, new { templated = true, output = "extend", sortfield = "itemid", search = new { key_ = "wghub." } }));

        var host = await MakeHostAsync(client);
        var items = "";
        async Task<bool> HasAllAsync()
        {
            items = await ItemsAsync(client, new { hostids = host, output = new[] { "key_", "lastvalue", "lastclock", "state", "error" } });
            return Names.All(name => items.Contains($"wghub.spoke.handshake[{name}]", StringComparison.Ordinal)) && Value(items, "wghub.up") == "1"
                && Value(items, "wghub.spokes.pending") == "3" && Value(items, "wghub.version").Length > 0;
        }

        Assert.True(await Eventually.TrueAsync(HasAllAsync, TimeSpan.FromMinutes(4), Cancel), items);
        Assert.DoesNotContain("\"state\":\"1\"", items, StringComparison.Ordinal); // none is unsupported

        await Hub.StopAsync();
        var problems = new { hostids = host, output = new[] { "description" }, filter = new { value = 1 } };
        async Task<bool> IsToldAsync() =>
            (await CallAsync(client, "trigger.get", problems)).GetRawText().Contains("does not answer", StringComparison.Ordinal);
        Assert.True(await Eventually.TrueAsync(IsToldAsync, TimeSpan.FromMinutes(5), Cancel), "Nobody is told that the hub is gone.");
    }

    private async Task<string> MakeHostAsync(HttpClient client)
    {
        var template = (await CallAsync(client, "template.get", new { filter = new { host = "WgHub by HTTP" } }))[0].GetProperty("templateid").GetString();
        var group = (await CallAsync(client, "hostgroup.get", new { filter = new { name = "Linux servers" } }))[0].GetProperty("groupid").GetString();
        foreach (var old in (await CallAsync(client, "host.get", new { filter = new { host = "hub" } })).EnumerateArray())
        {
            await CallAsync(client, "host.delete", new[] { old.GetProperty("hostid").GetString() });
        }

        var token = (await Hub.Get<Auth.Admin.ApiTokenService>().CreateAsync("zabbix", "viewer", null, Storage.Actor.Cli, Cancel)).Reveal();
        return (await CallAsync(client, "host.create", new
        {
            host = "hub",
            groups = new[] { new { groupid = group } },
            templates = new[] { new { templateid = template } },
            macros = new object[] { new { macro = "{$WGHUB.URL}", value = Hub.Url }, new { macro = "{$WGHUB.TOKEN}", value = token, type = 1 } },
        })).GetProperty("hostids")[0].GetString()!;
    }

    private async Task<string> ItemsAsync(HttpClient client, object query) => (await CallAsync(client, "item.get", query)).GetRawText();

    private static string Value(string items, string key) => JsonDocument.Parse(items).RootElement.EnumerateArray()
        .Where(item => item.GetProperty("key_").GetString() == key).Select(item => item.GetProperty("lastvalue").GetString()).FirstOrDefault() ?? "";

    private async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            return (await CallAsync(client, "user.login", new { username = "Admin", password = "zabbix" })).ValueKind == JsonValueKind.String;
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or JsonException)
        {
            return false; // it is starting, or fills its database
        }
    }

    private async Task<JsonElement> CallAsync(HttpClient client, string method, object parameters)
    {
        using var body = JsonContent.Create(new { jsonrpc = "2.0", method, @params = parameters, id = 1, auth = method == "user.login" ? null : _session });
        body.Headers.ContentType = new("application/json-rpc");
        using var answer = await client.PostAsync(new Uri(Pages), body, Cancel);
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        return said.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method}: {said}");
    }

    [GeneratedRegex(@"type: PROMETHEUS_\w+\n +parameters:\n +- (?<text>.+)\n")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"uuid: (\w+)")]
    private static partial Regex Id();

    [GeneratedRegex(@"(?<!master_item:\n *)\bkey: (.+)\n")]
    private static partial Regex Key();

    [GeneratedRegex(@"/WgHub by HTTP/([\w.]+(?:\[\{#SPOKE\}\])?)")]
    private static partial Regex Asked();
}
