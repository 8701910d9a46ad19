using System.Net;
using WgHub.Features.Reports;
using WgHub.TestKit;

namespace WgHub.Features.Diagnosis;

/// <summary>A spoke that is well, on a hub whose settings somebody has chosen so.</summary>
public sealed class HealthySpokeTests : HubTest
{
    private const string Note = "a private address: they reach it from the same network only";

    [Fact]
    public async Task What_was_decided_is_no_news_of_a_spoke_that_is_well_and_told_to_whoever_asks()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = $"192.168.77.1:{Hub.Port}" })).Expect(HttpStatusCode.OK);
        var (_, secret, _) = await Hub.TokenAsync();
        var key = await WgKey.NewAsync();
        var spoke = (await Hub.RegisterAsync(secret, key.Public)).Expect(HttpStatusCode.Created);
        var place = $"/spokes/{spoke.Text("spoke", "id")}/diagnosis";
        Assert.Contains(Note, await FragmentAsync(place), StringComparison.Ordinal); // it may be why the spoke does not come

        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, key, spoke.Text("presharedKey")!);
        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                await Hub.Get<Sampler>().LookAsync(Cancel);
                return (await FragmentAsync(place)).Contains("It is connected", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(20), Cancel));

        var fragment = await FragmentAsync(place);
        Assert.DoesNotContain(Note, fragment, StringComparison.Ordinal);
        Assert.Matches("[0-9] notes? on the settings", fragment);
        Assert.Contains(Note, await FragmentAsync($"{place}?all=true"), StringComparison.Ordinal);
        Assert.Contains(Note, (await Hub.Viewer.GetAsync(place)).Body, StringComparison.Ordinal);
        Assert.Contains(Note, (await Hub.Viewer.GetAsync($"/api{place.Replace("spokes", "spoke", StringComparison.Ordinal)}")).Body, StringComparison.Ordinal);
    }

    private async Task<string> FragmentAsync(string path) =>
        (await Hub.Viewer.SendAsync(HttpMethod.Get, path, null, ("HX-Request", "true"))).Expect(HttpStatusCode.OK).Body;
}
