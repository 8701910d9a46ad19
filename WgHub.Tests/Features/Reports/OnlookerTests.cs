using System.Globalization;
using WgHub.TestKit;

namespace WgHub.Features.Reports;

/// <summary>How often the interface is read, by a wg that writes down its calls.</summary>
public sealed class OnlookerTests : HubTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-wg-");
    private readonly WgProgram _wg;

    private protected override TestHub Make() => new() { Settings = { ["WireGuard:WgCommand"] = _wg.Path, ["WireGuard:SampleSeconds"] = "1" } };

    public OnlookerTests() => _wg = new(_folder);

    private int Looks => _wg.Arguments.Split('\n').Count(line => line == $"show {Hub.Interface} dump");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task While_nobody_looks_the_interface_is_read_by_the_reconciler_alone()
    {
        await Hub.EnrolAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel); // the comparison that follows a change by a second
        var before = Looks;

        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);

        Assert.Equal(before, Looks);
    }

    [Theory]
    [InlineData("/api/spoke/list")]
    [InlineData("/api/spoke/{id}")]
    [InlineData("/spokes")]
    [InlineData("/")]
    public async Task Who_looks_sees_it_as_it_is_and_has_it_read_from_then_on(string path)
    {
        var spoke = await Hub.EnrolAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        var before = Looks;

        (await Hub.Viewer.GetAsync(path.Replace("{id}", spoke.Id, StringComparison.Ordinal))).Expect(System.Net.HttpStatusCode.OK);

        Assert.NotEqual(before, Looks);
        before = Looks;
        Assert.True(await Eventually.TrueAsync(() => Looks >= before + 2, Patience, Cancel), Looks.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Many_who_look_at_once_cost_two_looks_at_most()
    {
        await Hub.EnrolAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        var before = Looks;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Hub.Viewer.GetAsync("/api/spoke/list")));

        Assert.InRange(Looks - before, 1, 2);
    }

    [Fact]
    public async Task A_refused_caller_causes_no_look()
    {
        await Hub.EnrolAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        var before = Looks;

        (await Hub.Nobody.GetAsync("/api/spoke/list")).Expect(System.Net.HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");

        Assert.Equal(before, Looks);
    }
}
