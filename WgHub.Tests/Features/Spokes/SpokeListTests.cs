using System.Net;
using System.Net.Http.Json;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

public sealed class SpokeListTests(FiveSpokes hub) : IClassFixture<FiveSpokes>
{
    [Fact]
    public async Task It_is_told_by_name_and_in_pages()
    {
        var first = (await hub.Viewer.GetAsync("/api/spoke/list?page=1&pageSize=2")).Expect(HttpStatusCode.OK);
        var last = (await hub.Viewer.GetAsync("/api/spoke/list?page=3&pageSize=2")).Expect(HttpStatusCode.OK);

        Assert.Equal(["spokes", "total", "page", "pageSize"], first.Members());
        Assert.Equal(["alpha", "Beta"], Names(first));
        Assert.Equal(["web_2"], Names(last));
        Assert.Equal(("5", "3", "2"), (last.Text("total"), last.Text("page"), last.Text("pageSize")));
    }

    [Theory]
    [InlineData("q=WEB", "web-1,web_2")]
    [InlineData("q=b_2", "web_2")]
    [InlineData("q=b_1", "")]            // an underscore is itself, and not any character: web-1 is another
    [InlineData("q=%25", "")]            // nor is a percent sign all of them
    [InlineData("q=!", "")]
    [InlineData("q=' or 1=1 --", "")]
    [InlineData("os=proxmox", "gamma")]
    [InlineData("cluster=home", "gamma")]
    [InlineData("os=linux&q=a", "alpha,Beta")]
    [InlineData("status=disabled", "Beta")]
    [InlineData("status=Pending", "alpha,gamma,web-1,web_2")]
    [InlineData("status=active", "")]
    [InlineData("q=ail ber", "alpha")]   // a group, an owner, a tag
    [InlineData("q=M%C3%9CLLER %26", "alpha")]
    [InlineData("q=LapTop", "alpha")]
    [InlineData("q=Rack7.example", "gamma")] // what the machine calls itself
    [InlineData("q=hostname", "")]           // and not how that is written down
    [InlineData("q=debian", "")]
    [InlineData("q=203.0.113.77", "web-1")]  // where it was last seen
    [InlineData("os=", "alpha,Beta,gamma,web-1,web_2")]
    public async Task It_is_searched_and_filtered(string query, string expected)
    {
        var answer = (await hub.Viewer.GetAsync($"/api/spoke/list?{query}")).Expect(HttpStatusCode.OK);

        Assert.Equal(expected, string.Join(',', Names(answer)));
    }

    [Fact]
    public async Task A_part_of_an_address_finds_its_spoke()
    {
        var answer = await hub.Viewer.GetAsync($"/api/spoke/list?q={hub.Inner.Address(2)}");

        Assert.Equal(["alpha"], Names(answer));
    }

    [Fact]
    public async Task A_spoke_is_found_by_how_its_key_begins_from_eight_letters_on()
    {
        var all = await hub.Viewer.GetAsync("/api/spoke/list");
        var key = all.At("spokes")[0].GetProperty("publicKey").GetString()!;

        foreach (var part in new[] { key, key[..8] })
        {
            Assert.Equal(["alpha"], Names(await hub.Viewer.GetAsync($"/api/spoke/list?q={Uri.EscapeDataString(part)}")));
        }

        Assert.Empty(Names(await hub.Viewer.GetAsync($"/api/spoke/list?q={Uri.EscapeDataString(key[..7])}")));
    }

    /// <summary>Where there is room for it: a phone has none.</summary>
    [Fact]
    public async Task The_page_tells_where_each_was_last_seen()
    {
        var page = (await hub.Viewer.GetAsync("/spokes?q=web-1")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("Last seen from", page, StringComparison.Ordinal);
        Assert.Contains("title=\"203.0.113.77:40404\">203.0.113.77<", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/spokes?q=&status=&os=linux&cluster=&group=", "/spokes?os=linux")]
    [InlineData("/spokes?q=", "/spokes")]
    [InlineData("/audit?q=&event=&since=2026-01-01&until=", "/audit?since=2026-01-01")]
    [InlineData("/tokens?q=a%26b&state=", "/tokens?q=a%26b")]
    public async Task A_form_without_script_leaves_no_empty_parts_in_the_address(string sent, string tidy) =>
        Assert.Equal(tidy, (await hub.Viewer.GetAsync(sent)).Expect(HttpStatusCode.Redirect).Headers.Location?.OriginalString);

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("pageSize=501", "pageSize")]
    [InlineData("pageSize=-1", "pageSize")]
    [InlineData("status=lost", "status")]
    [InlineData("status=1", "status")]
    public async Task A_number_or_a_state_out_of_range_is_refused_with_its_name(string query, string field)
    {
        var answer = (await hub.Viewer.GetAsync($"/api/spoke/list?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal([field], answer.Members("errors"));
    }

    [Theory]
    [InlineData("page=x")]
    [InlineData("page=99999999999")]
    public async Task A_number_that_is_none_is_refused(string query) =>
        (await hub.Viewer.GetAsync($"/api/spoke/list?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    private static IEnumerable<string?> Names(Answer answer) => answer.At("spokes").EnumerateArray().Select(spoke => spoke.GetProperty("name").GetString());
}

/// <summary>A hub with five spokes that nothing else changes.</summary>
public sealed class FiveSpokes : IAsyncLifetime
{
    internal TestHub Inner { get; } = new();

    internal ApiClient Viewer => Inner.Viewer;

    private static Dictionary<string, string> Told => new() { ["distribution"] = "debian", ["hostname"] = "RACK7.Example.com", ["kernel"] = "6.1" };

    public async ValueTask InitializeAsync()
    {
        await Inner.InitializeAsync();
        foreach (var name in new[] { "alpha", "Beta", "web-1", "web_2" })
        {
            var spoke = await Inner.EnrolAsync(name);
            if (name == "Beta")
            {
                await Inner.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
            }
            else if (name == "alpha")
            {
                await Inner.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group = "Retail Berlin", owner = "Müller & Co", tags = new[] { "laptop" } });
            }
        }

        var (_, token, _) = await Inner.TokenAsync("gamma");
        var answer =
            await Inner.Nobody.SendAsync(
                HttpMethod.Post, "/api/spoke/register",
                JsonContent.Create(new { token, publicKey = Wg.NewKey(), os = "proxmox", proxmoxClusterName = "home", metadata = Told }));
        answer.Expect(HttpStatusCode.Created);
        var web = (await Viewer.GetAsync("/api/spoke/list?q=web-1")).At("spokes")[0];
        await Inner.Get<TrafficStore>().SaveAsync(
            Inner.Database.OwnHub,
            [new(PublicKey.Parse(web.GetProperty("publicKey").GetString()!), null, 0, 0, 0, 0, null, "203.0.113.77:40404")],
            TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
