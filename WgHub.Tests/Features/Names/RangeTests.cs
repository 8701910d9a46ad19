using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Names;

/// <summary>Addresses that are kept for the spokes of a group.</summary>
public sealed class RangeTests : HubTest
{
    [Fact]
    public async Task A_group_gets_its_own_addresses_and_nobody_else_gets_them()
    {
        (await PutAsync(("servers", 3, 4), ("phones", 10, 11))).Expect(HttpStatusCode.OK);

        Assert.Equal([Hub.Address(2), Hub.Address(5)], [await TakeAsync(null), await TakeAsync(null)]);
        Assert.Equal([Hub.Address(3), Hub.Address(4)], [await TakeAsync("servers"), await TakeAsync("servers")]);
        Assert.Equal([Hub.Address(10), Hub.Address(6)], [await TakeAsync("phones"), await TakeAsync("laptops")]);
        var full = (await TokenAsync("servers")).Expect(HttpStatusCode.Conflict, "ADDRESSES_EXHAUSTED").Text("error");
        Assert.Contains($"'servers' are taken: {Hub.Address(3)}-{Hub.Address(4)}", full, StringComparison.Ordinal);

        var list = (await Hub.Viewer.GetAsync("/api/hub/ranges")).Expect(HttpStatusCode.OK);
        Assert.Equal(["group", "first", "last", "total", "taken"], list.At("ranges")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal([2, 1], list.At("ranges").EnumerateArray().Select(range => range.GetProperty("taken").GetInt32()));
    }

    [Fact]
    public async Task A_named_address_is_the_groups_alone_and_the_group_may_have_others()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);
        (await PutAsync(("servers", 3, 4))).Expect(HttpStatusCode.OK);
        var spoke = await Hub.EnrolAsync();

        (await TokenAsync(null, Hub.Address(3))).Expect(HttpStatusCode.Conflict, "ADDRESS_RESERVED");
        (await TokenAsync("phones", Hub.Address(3))).Expect(HttpStatusCode.Conflict, "ADDRESS_RESERVED");
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { customIP = Hub.Address(3) })).Expect(HttpStatusCode.Conflict, "ADDRESS_RESERVED");
        (await TokenAsync("servers", Hub.Address(3))).Expect(HttpStatusCode.Created);
        (await TokenAsync("servers", Hub.Address(60))).Expect(HttpStatusCode.Created);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group = "servers", customIP = Hub.Address(4) })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_has_an_address_keeps_it_and_what_is_kept_no_longer_is_for_all()
    {
        var spoke = await Hub.EnrolAsync();
        (await PutAsync(("servers", 2, 9))).Expect(HttpStatusCode.OK);
        Assert.Equal($"{spoke.Address}/32", (await Wg.PeersAsync(Hub.Interface))[spoke.Key]);
        Assert.Equal(Hub.Address(10), await TakeAsync(null));
        Assert.Equal(Hub.Address(3), await TakeAsync("servers"));

        (await PutAsync()).Expect(HttpStatusCode.OK);

        Assert.Equal(Hub.Address(4), await TakeAsync(null));
        Assert.Contains("servers", (await Hub.Viewer.GetAsync("/api/audit?event=hub.changed")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_given_back_is_the_groups_again()
    {
        (await PutAsync(("servers", 3, 4))).Expect(HttpStatusCode.OK);
        var first = (await TokenAsync("servers")).Text("token", "id");
        await TakeAsync("servers");
        await Hub.Operator.DeleteAsync($"/api/installation/token/{first}");

        Assert.Equal(Hub.Address(2), await TakeAsync(null));
        Assert.Equal(Hub.Address(3), await TakeAsync("servers"));
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { """{"ranges":[{"group":"a","first":"A1","last":"A9"},{"group":"b","first":"A9","last":"A12"}]}""", "VALIDATION_FAILED", "ranges[1]" },
        { """{"ranges":[{"group":"a","first":"A1","last":"A9"},{"group":"a","first":"A1","last":"A9"}]}""", "VALIDATION_FAILED", "ranges[1]" },
        { """{"ranges":[{"group":"a","first":"A9","last":"A1"}]}""", "VALIDATION_FAILED", "ranges[0].last" },
        { """{"ranges":[{"group":"a","first":"10.99.0.1","last":"10.99.0.9"}]}""", "ADDRESS_OUTSIDE_NETWORK", "ranges[0]" },
        { """{"ranges":[{"group":"a","first":"A1","last":"255.255.255.255"}]}""", "ADDRESS_OUTSIDE_NETWORK", "ranges[0]" },
        { """{"ranges":[{"group":"a","first":"A0","last":"A9"}]}""", "ADDRESS_OUTSIDE_NETWORK", "ranges[0]" },
        { """{"ranges":[{"group":"a\u0000","first":"A1","last":"A9"}]}""", "VALIDATION_FAILED", "ranges[0].group" },
        { """{"ranges":[{"group":"","first":"A1","last":"A9"}]}""", "VALIDATION_FAILED", "ranges[0].group" },
        { """{"ranges":[{"group":"a","first":"10.8","last":"A9"}]}""", "VALIDATION_FAILED", "ranges[0].first" },
        { """{"ranges":[{"group":"a","first":"A1"}]}""", "VALIDATION_FAILED", "ranges[0].last" },
        { """{"ranges":[null]}""", "VALIDATION_FAILED", "ranges[0].group" },
        { "{}", "VALIDATION_FAILED", "ranges" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_no_range_is_is_refused_and_nothing_is_changed(string body, string code, string field)
    {
        (await PutAsync(("servers", 3, 4))).Expect(HttpStatusCode.OK);
        var before = await Snapshot.TakeAsync(Hub);
        body = body.Replace("A12", Hub.Address(12), StringComparison.Ordinal).Replace("A9", Hub.Address(9), StringComparison.Ordinal)
            .Replace("A1", Hub.Address(1), StringComparison.Ordinal).Replace("A0", Hub.Address(0), StringComparison.Ordinal);

        var refusal = (await Hub.Admin.SendTextAsync(HttpMethod.Put, "/api/hub/ranges", body)).Expect(HttpStatusCode.BadRequest, code);

        Assert.Equal(field, refusal.Members("errors")[0]);
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public async Task A_network_that_leaves_a_range_outside_is_refused()
    {
        (await PutAsync(("servers", 100, 200))).Expect(HttpStatusCode.OK);

        var refusal = await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/26" });

        Assert.Contains("'servers'", refusal.Expect(HttpStatusCode.Conflict, "NETWORK_IN_USE").Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_takes_a_line_for_each_and_shows_how_full_they_are()
    {
        var person = await Hub.PersonAsync(Roles.Admin);

        var lines = $"{Hub.Address(64)}/26 web servers\n\n {Hub.Address(3)}-{Hub.Address(4)} phones\n";
        var saved = await person.PostAsync("/settings/addresses", ("Ranges", lines));

        Assert.Contains($"{Hub.Address(64)}-{Hub.Address(127)}", saved.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("0 of 64", saved.Body, StringComparison.Ordinal);
        Assert.Equal(Hub.Address(64), await TakeAsync("web servers"));
        var refused = await person.PostAsync("/settings/addresses", ("Ranges", "nonsense"));
        Assert.Contains("An IPv4 address such as", refused.Body, StringComparison.Ordinal);
    }

    private Task<Answer> PutAsync(params (string Group, int First, int Last)[] ranges) => Hub.Admin.PutAsync(
        "/api/hub/ranges",
        new { ranges = ranges.Select(range => new { group = range.Group, first = Hub.Address(range.First), last = Hub.Address(range.Last) }).ToArray() });

    private Task<Answer> TokenAsync(string? group, string? customIP = null) =>
        Hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), group, customIP });

    private async Task<string> TakeAsync(string? group) =>
        (await TokenAsync(group)).Expect(HttpStatusCode.Created).At("token", "allowedIPs")[0].GetString()!.Split('/')[0];
}
