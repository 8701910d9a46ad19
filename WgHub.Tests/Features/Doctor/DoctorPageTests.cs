using System.Net;
using System.Text.RegularExpressions;
using WgHub.Architecture;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>What the hub that runs tells of itself and of its machine, to those who may mend it.</summary>
public sealed partial class DoctorPageTests : HubTest
{
    private protected override TestHub Make() => new() { Settings = { ["WireGuard:DriftPolicy"] = "report" } };

    [Fact]
    public async Task The_api_tells_what_is_wrong_and_what_mends_it_and_no_longer_when_it_is_mended()
    {
        var key = Wg.NewKey();
        Assert.DoesNotContain("DRIFT_UNKNOWN", await CodesAsync());
        await Wg.RunAsync($"wg set {Hub.Interface} peer {key}");

        var report = (await Hub.Operator.GetAsync("/api/doctor")).Expect(HttpStatusCode.OK);

        var drift = report.At("findings").EnumerateArray().Single(finding => finding.GetProperty("code").GetString() == "DRIFT_UNKNOWN");
        Assert.Equal("peers", drift.GetProperty("check").GetString());
        Assert.StartsWith($"wg set {Hub.Interface} peer {key} remove", drift.GetProperty("way").GetString(), StringComparison.Ordinal);
        await Wg.RunAsync($"wg set {Hub.Interface} peer {key} remove");
        Assert.DoesNotContain("DRIFT_UNKNOWN", await CodesAsync());
    }

    [Fact]
    public async Task What_only_the_hub_knows_is_told_by_it()
    {
        File.Move(Hub.Data.DatabaseFile, Hub.Data.DatabaseFile + ".away");
        await Wg.RunAsync($"sysctl -qw net.ipv6.conf.{Hub.Interface}.disable_ipv6=1");

        Assert.True(await Eventually.TrueAsync(async () => (await CodesAsync()).Contains("DATABASE_LOST"), TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task The_page_shows_the_worst_first_and_folds_what_is_well()
    {
        await Wg.RunAsync($"ip link set {Hub.Interface} mtu 1300");
        await Wg.RunAsync($"ip address delete {Hub.Address(1)}/22 dev {Hub.Interface}");

        var page = (await (await Hub.PersonAsync(Roles.Operator)).GetAsync("/doctor")).Expect(HttpStatusCode.OK).Body;

        Assert.InRange(page.IndexOf("INTERFACE_ADDRESS", StringComparison.Ordinal), 1, page.IndexOf("INTERFACE_MTU", StringComparison.Ordinal));
        Assert.Contains($"ip address replace {Hub.Address(1)}/22 dev {Hub.Interface}", page, StringComparison.Ordinal);
        Assert.Contains("<details", page[page.IndexOf("INTERFACE_MTU", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("href=\"/doctor\"", (await (await Hub.PersonAsync(Roles.Operator)).GetAsync("/settings")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/doctor\"", (await (await Hub.PersonAsync(Roles.Viewer)).GetAsync("/settings")).Body, StringComparison.Ordinal);
    }

    /// <summary>docs/doctor.md says of each code what it means and what mends it.</summary>
    [Fact]
    public void The_manual_has_every_code_and_no_other()
    {
        var used = Sources.OfTheHub(".cs")
            .Where(file => file.Room == "Features.Doctor" || file.Path.EndsWith("WireGuard/Lacks.cs", StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(file.Text))
            .Select(match => match.Groups["code"].Value)
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            used,
            Row().Matches(File.ReadAllText(Repository.PathOf("docs/doctor.md"))).Select(row => row.Groups["code"].Value).Order(StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<string>> CodesAsync() =>
        [.. (await Hub.Operator.GetAsync("/api/doctor")).Expect(HttpStatusCode.OK).At("findings").EnumerateArray()
            .Select(finding => finding.GetProperty("code").GetString()!)];

    [GeneratedRegex("\"(?<code>[A-Z][A-Z0-9]*(_[A-Z0-9]+)+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\| `(?<code>[A-Z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
