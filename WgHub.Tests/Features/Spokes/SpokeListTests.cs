using System.Net;
using System.Net.Http.Json;
using WgHub.TestKit;

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
                JsonContent.Create(new { token, publicKey = Wg.NewKey(), os = "proxmox", proxmoxClusterName = "home" }));
        answer.Expect(HttpStatusCode.Created);
    }

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
