using System.Net;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Metrics;

/// <summary>What is told to whom, and in which form.</summary>
public sealed partial class MetricsTests : HubTest
{
    [Fact]
    public async Task The_documentation_tells_each_of_them_with_its_type_and_labels()
    {
        await Hub.EnrolAsync();
        await Hub.Viewer.GetAsync("/api/hub/status");
        var text = (await Hub.Viewer.GetAsync("/metrics")).Expect(HttpStatusCode.OK).Body;
        var types = TypeLine().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var told = types.Select(type => (Name: type.Key + LabelsOf(text, type.Key), Type: type.Value)).Order();

        var documented = DocumentedLine().Matches(await File.ReadAllTextAsync(Repository.PathOf("docs/monitoring.md"), Cancel))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Order();

        Assert.Equal(documented, told);
    }

    [Fact]
    public async Task Whole_numbers_are_whole_and_nothing_has_an_exponent()
    {
        await Hub.EnrolAsync();
        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;

        var samples = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#');
        Assert.All(samples, line => Assert.Matches(@" [0-9]+(\.[0-9]{1,6})?$", line));
        Assert.Matches(@"\nprocess_start_time_seconds [0-9]{10}\n", text);
    }

    [Fact]
    public async Task Spokes_are_told_by_name_with_what_they_were_seen_to_send()
    {
        var spoke = await Hub.EnrolAsync("oslo");
        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;

        Assert.Contains("\nwireguard_hub_spoke_receive_bytes_total{spoke=\"oslo\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nwireguard_hub_spokes{status=\"pending\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nwireguard_hub_up 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nwireguard_hub_tokens_pending 0\n", text, StringComparison.Ordinal);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        Assert.Contains("\nwireguard_hub_spokes{status=\"disabled\"} 1\n", (await Hub.Viewer.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_and_tokens_are_counted_from_the_start_on()
    {
        await Hub.EnrolAsync();
        (await Hub.Operator.PostAsync("/api/installation/tokens/import", new { tokens = new[] { new { spokeName = "a" }, new { spokeName = "b" } } }))
            .Expect(HttpStatusCode.Created);

        Assert.True(await Eventually.TrueAsync(
            async () => (await Hub.Viewer.GetAsync("/metrics")).Body.Contains("\nwireguard_hub_tokens_generated_total 3\n", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10), Cancel));
        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;
        Assert.Contains("\nwireguard_hub_tokens_used_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nwireguard_hub_events_total{event=\"tokens.imported\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_an_address_is_in_no_label()
    {
        var token = await Hub.TokenAsync();
        await Hub.Nobody.GetAsync($"/i/{token.Secret}");
        await Hub.Nobody.GetAsync($"/i/{token.Secret}/../x");

        var text = (await Hub.Viewer.GetAsync("/metrics")).Body;

        Assert.Contains("route=\"/i/{token}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_role_gets_nothing()
    {
        (await Hub.Nobody.GetAsync("/metrics")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await Hub.Client("wgh_nonsense").GetAsync("/metrics")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    private static string LabelsOf(string text, string name)
    {
        var line = Regex.Match(text, $@"^{name}(_bucket)?\{{(.*)\}} ", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[2].Value;
        var labels = LabelName().Matches(line).Select(match => match.Groups[1].Value).Where(label => label != "le").ToList();
        return labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}";
    }

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\| `(\w+(?:\{[\w,]+\})?)` \| (gauge|counter|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedLine();

    [GeneratedRegex(@"(\w+)=""(?:[^""\\]|\\.)*""")]
    private static partial Regex LabelName();
}
