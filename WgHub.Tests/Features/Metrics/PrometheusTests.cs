using System.Globalization;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Metrics;

/// <summary>A real Prometheus that really scrapes the hub. <c>test.sh</c> fetches it; where it is not to be had, this is skipped.</summary>
public sealed class PrometheusTests : HubTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string Programs = Repository.PathOf("artifacts/prometheus/usr/bin");

    private static readonly string Amtool = Repository.PathOf("artifacts/amtool/usr/bin/amtool");

    private static string Files => Repository.PathOf("docs/monitoring");

    [Fact]
    public async Task It_has_nothing_to_say_about_the_metrics()
    {
        SkipWithout();
        await Hub.EnrolAsync();
        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;

        var said = await Shell.RunAsync([Path.Combine(Programs, "promtool"), "check", "metrics"], text, Cancel);

        Assert.Equal((0, "", ""), (said.ExitCode, said.Output, said.Error));
    }

    [Fact]
    public async Task Each_alert_comes_in_its_time_and_not_before()
    {
        SkipWithout();
        (await Shell.RunAsync([Path.Combine(Programs, "promtool"), "check", "rules", Path.Combine(Files, "wghub.rules.yml")], Cancel)).OrThrow();
        (await Shell.RunAsync([Path.Combine(Programs, "promtool"), "test", "rules", Path.Combine(Files, "wghub.rules.test.yml")], Cancel)).OrThrow();
        var tests = await File.ReadAllTextAsync(Path.Combine(Files, "wghub.rules.test.yml"), Cancel);
        Assert.All(Alerts(), alert => Assert.Contains($"alertname: {alert}\n", tests, StringComparison.Ordinal));
    }

    /// <summary>Who is told of what: the example for alertmanager, by its own program.</summary>
    [Fact]
    public async Task Alertmanager_takes_the_example_and_knows_whom_to_tell()
    {
        Assert.SkipUnless(File.Exists(Amtool), "There is no amtool here: ./test.sh --room Metrics fetches it.");
        var example = Path.Combine(Files, "wghub.alertmanager.yml");
        (await Shell.RunAsync([Amtool, "check-config", example], Cancel)).OrThrow();

        async Task<string> ToldAsync(params string[] labels) =>
            (await Shell.RunAsync([Amtool, "config", "routes", "test", $"--config.file={example}", .. labels], Cancel)).OrThrow().Trim();
        Assert.Equal("on-call", await ToldAsync("alertname=WgHubDown", "severity=critical"));
        Assert.Equal("mail", await ToldAsync("alertname=WgHubDegraded", "severity=warning"));
        var named = (await File.ReadAllTextAsync(example, Cancel)).Split('"')
            .Where(word => word.StartsWith("WgHub", StringComparison.Ordinal) && word != "WgHub.+");
        Assert.Empty(named.Except(Alerts()));
    }

    [Fact]
    public async Task It_scrapes_the_hub_and_answers_every_query_of_the_dashboard_and_of_the_alerts()
    {
        SkipWithout();
        await Hub.EnrolAsync("oslo");
        var folder = Directory.CreateTempSubdirectory("wghub-prometheus-");
        var port = ReverseProxy.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "token"), await TokenAsync(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), Settings(), Cancel);
        using var prometheus = ShellProcess.Start(
            [
                Path.Combine(Programs, "prometheus"), $"--config.file={folder.FullName}/prometheus.yml", $"--storage.tsdb.path={folder.FullName}/data",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ],
            Path.Combine(folder.FullName, "log"), new Dictionary<string, string>());
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}") };
        try
        {
            const string Scraped = "count_over_time(up{job=\"wghub\"}[1m]) >= 3 and up == 1";
            Assert.True(
                await Eventually.TrueAsync(async () => (await QueryAsync(client, Scraped)).Count > 0, Limit, Cancel),
                await File.ReadAllTextAsync(Path.Combine(folder.FullName, "log"), Cancel));

            using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Files, "wghub.dashboard.json"), Cancel));
            foreach (var query in Queries(dashboard.RootElement))
            {
                Assert.True((await QueryAsync(client, query)).Count > 0 || MayBeEmpty(query), $"No series: {query}");
            }

            var rules = await client.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), Cancel);
            Assert.DoesNotContain("\"health\":\"err\"", rules, StringComparison.Ordinal);
            Assert.All(Alerts(), alert => Assert.Contains($"\"name\":\"{alert}\"", rules, StringComparison.Ordinal));
            Assert.DoesNotContain("\"state\":\"firing\"", rules, StringComparison.Ordinal);
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(Limit, CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Here is no backup, no certificate, no handshake.</summary>
    private static bool MayBeEmpty(string query) =>
        query.Contains("backup_last", StringComparison.Ordinal) || query.Contains("certificate", StringComparison.Ordinal)
            || query.Contains("last_handshake", StringComparison.Ordinal);

    private static IEnumerable<string> Queries(JsonElement dashboard) => dashboard.GetProperty("panels").EnumerateArray()
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
        .Select(target => target.GetProperty("expr").GetString()!)
        .Select(query => query.Replace("$instance", ".*", StringComparison.Ordinal).Replace("[5m]", "[1m]", StringComparison.Ordinal));

    private static IEnumerable<string> Alerts() => File.ReadAllLines(Path.Combine(Files, "wghub.rules.yml"))
        .Select(line => line.Trim()).Where(line => line.StartsWith("- alert: ", StringComparison.Ordinal)).Select(line => line["- alert: ".Length..]);

    private static async Task<IReadOnlyList<string>> QueryAsync(HttpClient client, string query)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode == 503, $"{query}: {text}");
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => series.GetRawText())];
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return []; // it is starting
        }
    }

    private async Task<string> TokenAsync() =>
        (await Hub.Get<Auth.Admin.ApiTokenService>().CreateAsync("prometheus", "viewer", null, Storage.Actor.Cli, Cancel)).Reveal();

    private string Settings() =>
        $$"""
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["{{Files}}/wghub.rules.yml"]
        scrape_configs:
          - job_name: wghub
            authorization: {credentials_file: token}
            static_configs: [{targets: ["{{new Uri(Hub.Url).Authority}}"]}]

        """;

    private static void SkipWithout() => Assert.SkipUnless(
        File.Exists(Path.Combine(Programs, "prometheus")), "There is no prometheus here: ./test.sh --room Metrics fetches it.");
}
