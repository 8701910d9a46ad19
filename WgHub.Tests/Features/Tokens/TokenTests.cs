using System.Net;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Tokens;

public sealed partial class TokenTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_new_token_is_told_with_its_address_and_its_line()
    {
        var name = Enrolling.NewName();

        var answer =
            (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name, platform = "linux", expiresInHours = 2, group = "web" }))
                .Expect(HttpStatusCode.Created);

        Assert.Equal(
            ["id", "spokeId", "spokeName", "allowedIPs", "addressV6", "kind", "platform", "group", "owner", "tags", "spokeExpiresAt", "routes", "createdAt",
                "expiresAt", "used", "usedAt", "state", "token", "commands"],
            answer.Members("token"));
        Assert.Matches(@"^[A-Za-z0-9_-]{43}$", answer.Text("token", "token"));
        Assert.Equal(name, answer.Text("token", "spokeName"));
        Assert.Equal("pending", answer.Text("token", "state"));
        Assert.Matches(Utc(), answer.Text("token", "expiresAt"));
        Assert.Equal(TimeSpan.FromHours(2), answer.At("token", "expiresAt").GetDateTimeOffset() - answer.At("token", "createdAt").GetDateTimeOffset());
        Assert.Equal($"curl -fsSL {hub.Url}/i/{answer.Text("token", "token")} | sudo sh", answer.Text("token", "commands", "linux"));
        Assert.Equal($"curl -fsSL {hub.Url}/i/{answer.Text("token", "token")} | sh", answer.Text("token", "commands", "proxmox"));
        Assert.Equal($"{hub.Url}/join/{answer.Text("token", "token")}", answer.Text("token", "commands", "join"));
    }

    [Fact]
    public async Task The_list_tells_no_secret_and_every_state()
    {
        var spoke = await hub.EnrolAsync();
        var revoked = await hub.TokenAsync();
        await hub.Operator.DeleteAsync($"/api/installation/token/{revoked.Id}");
        var pending = await hub.TokenAsync();

        var list = (await hub.Viewer.GetAsync("/api/installation/tokens?pageSize=500")).Expect(HttpStatusCode.OK);

        var states = list.At("tokens")
            .EnumerateArray()
            .ToDictionary(token => token.GetProperty("id").GetString()!, token => token.GetProperty("state").GetString());
        Assert.Equal("used", states[spoke.TokenId]);
        Assert.Equal("revoked", states[revoked.Id]);
        Assert.Equal("pending", states[pending.Id]);
        Assert.All([spoke.Token, revoked.Secret, pending.Secret], secret => Assert.DoesNotContain(secret, list.Body, StringComparison.Ordinal));
        Assert.Equal(["tokens", "total", "page", "pageSize"], list.Members());
    }

    [Fact]
    public async Task A_revoked_tokens_address_is_free_again()
    {
        var (id, secret, address) = await hub.TokenAsync();

        var answer = (await hub.Operator.DeleteAsync($"/api/installation/token/{id}")).Expect(HttpStatusCode.OK);

        Assert.Equal(["message", "tokenId"], answer.Members());
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await hub.Nobody.GetAsync($"/i/{secret}")).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), customIP = address })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Revoking_a_used_token_leaves_its_spoke_alone()
    {
        var spoke = await hub.EnrolAsync();

        (await hub.Operator.DeleteAsync($"/api/installation/token/{spoke.TokenId}")).Expect(HttpStatusCode.OK);

        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), customIP = spoke.Address }))
            .Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
    }

    [Fact]
    public async Task A_token_that_is_not_there_cannot_be_revoked() =>
        (await hub.Operator.DeleteAsync("/api/installation/token/0")).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");

    [Fact]
    public async Task A_name_is_taken_in_any_case_by_tokens_and_spokes()
    {
        var spoke = await hub.EnrolAsync("Oslo");
        await hub.TokenAsync("Turin");

        foreach (var name in new[] { "oSLO", "turin" })
        {
            var refusal = (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name })).Expect(HttpStatusCode.Conflict, "NAME_IN_USE");
            Assert.Equal(["spokeName"], refusal.Members("errors"));
        }

        Assert.NotNull(spoke);
    }

    [Fact]
    public async Task A_wished_address_is_checked()
    {
        Task<Answer> WishAsync(string address) =>
            hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), customIP = address });

        Assert.Equal($"{hub.Address(900)}/32", (await WishAsync(hub.Address(900))).Expect(HttpStatusCode.Created).At("token", "allowedIPs")[0].GetString());
        (await WishAsync(hub.Address(900))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        (await WishAsync(hub.Address(1))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");             // the hub's own
        (await WishAsync(hub.Address(0))).Expect(HttpStatusCode.BadRequest, "ADDRESS_OUTSIDE_NETWORK");   // the network's
        (await WishAsync(hub.Address(1023))).Expect(HttpStatusCode.BadRequest, "ADDRESS_OUTSIDE_NETWORK"); // broadcast
        Assert.Equal(["customIP"], (await WishAsync("192.0.2.1")).Expect(HttpStatusCode.BadRequest, "ADDRESS_OUTSIDE_NETWORK").Members("errors"));
    }

    [Fact]
    public async Task Fifty_at_once_get_fifty_addresses_and_secrets()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => hub.TokenAsync()));

        Assert.Equal(50, tokens.Select(token => token.Address).Distinct().Count());
        Assert.Equal(50, tokens.Select(token => token.Secret).Distinct().Count());
    }

    [Fact]
    public async Task Of_fifty_who_want_one_name_and_one_address_one_gets_it()
    {
        var answers =
            await Task.WhenAll(
                Enumerable.Range(0, 50)
                    .Select(_ => hub.Operator.PostAsync("/api/installation/token", new { spokeName = "wanted", customIP = hub.Address(800) })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(answer => answer.Code == "NAME_IN_USE"));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Utc();
}
