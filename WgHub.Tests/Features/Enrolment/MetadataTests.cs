using System.Globalization;
using System.Net;
using WgHub.Features.Spokes;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine's owner sends along is theirs, whatever they call it; what the hub knows by itself is kept apart.</summary>
public sealed class MetadataTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly string[] Names =
        ["clock", "rack", "id", "name", "hub", "node", "status", "os", "group", "owner", "tags", "notes", "metadata", "clockOffset",
            "hostname", "kernel", "<b>", "__proto__", "\u00e4"];

    /// <summary>As the install script of the first release sent it.</summary>
    private static readonly string[] OfTheScript = ["distribution", "version", "kernel", "arch", "hostname", "wireguardVersion"];

    [Fact]
    public async Task Every_key_that_a_machine_sends_is_told_and_shown()
    {
        var sent = Names.ToDictionary(name => name, name => string.Create(CultureInfo.InvariantCulture, $"value of {Array.IndexOf(Names, name)}."));

        var id = await RegisterAsync(sent, null);

        Assert.Equal(Names, (await hub.Viewer.GetAsync($"/api/spoke/{id}")).Members("metadata"));
        var page = (await hub.Viewer.GetAsync($"/spokes/{id}")).Expect(HttpStatusCode.OK).Body;
        Assert.All(sent.Values, value => Assert.Contains(value, page, StringComparison.Ordinal));
        Assert.Null(hub.Get<SpokeStore>().Find(id)!.ClockOffset);
    }

    [Fact]
    public async Task The_clock_that_a_script_tells_is_no_metadata()
    {
        var id = await RegisterAsync(new() { ["clock"] = "mine" }, hub.Time.GetUtcNow().ToUnixTimeSeconds() + 600);

        Assert.Equal(10, Math.Round(hub.Get<SpokeStore>().Find(id)!.ClockOffset!.Value.TotalMinutes));
        Assert.Equal("mine", (await hub.Viewer.GetAsync($"/api/spoke/{id}")).Text("metadata", "clock"));
    }

    [Fact]
    public async Task The_clock_of_an_older_script_is_told_apart_by_what_comes_with_it()
    {
        var sent =
            OfTheScript.Append("clock")
                .ToDictionary(name => name, _ => (hub.Time.GetUtcNow().ToUnixTimeSeconds() - 600).ToString(CultureInfo.InvariantCulture));

        var id = await RegisterAsync(sent, null);

        Assert.Equal(-10, Math.Round(hub.Get<SpokeStore>().Find(id)!.ClockOffset!.Value.TotalMinutes));
        Assert.Equal(OfTheScript, (await hub.Viewer.GetAsync($"/api/spoke/{id}")).Members("metadata"));
    }

    private async Task<string> RegisterAsync(Dictionary<string, string> metadata, long? clock)
    {
        var (_, token, _) = await hub.TokenAsync();
        return (await hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "linux", metadata, clock }))
            .Expect(HttpStatusCode.Created)
            .Text("spoke", "id")!;
    }
}
