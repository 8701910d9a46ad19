using System.Net;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

public sealed partial class ApiTokenPageTests : TimedHubTest
{
    [Fact]
    public async Task A_token_is_shown_once_works_for_its_time_and_keeps_who_made_it()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);

        var made = (await admin.PostAsync("/api-tokens/new", ("name", "backup job"), ("role", Roles.Viewer), ("expires", "7d"))).Expect(HttpStatusCode.OK);

        var secret = Secret().Match(made.Body).Value;
        var client = Hub.Client(secret);
        (await client.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        (await client.PostAsync("/api/installation/token", new { spokeName = "x" })).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        var list = (await admin.GetAsync("/api-tokens")).Expect(HttpStatusCode.OK).Body;
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.Contains($"…{secret[^4..]}", WebUtility.HtmlDecode(list), StringComparison.Ordinal);
        Assert.Contains($"by {admin.User.Name}", list, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromDays(7));
        (await client.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        Assert.Contains("Expired", (await (await Hub.PersonAsync(Roles.Admin)).GetAsync("/api-tokens")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", Roles.Viewer, "7d")]
    [InlineData("a\nb", Roles.Viewer, "7d")]
    [InlineData("job", "root", "7d")]
    [InlineData("job", "", "7d")]
    [InlineData("job", Roles.Viewer, "0d")]
    [InlineData("job", Roles.Viewer, "7 years")]
    [InlineData("job", Roles.Viewer, "999999d")]
    public async Task A_field_that_is_wrong_makes_no_token(string name, string role, string expires)
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        var before = Hub.Get<ApiTokenStore>().List().Count;

        var answer =
            (await admin.PostAsync("/api-tokens/new", ("name", name), ("role", role), ("expires", expires))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.DoesNotMatch(Secret(), answer.Body);
        Assert.Equal(before, Hub.Get<ApiTokenStore>().List().Count);
    }

    [Theory]
    [InlineData(Roles.Viewer, Roles.Operator)]
    [InlineData(Roles.Operator, Roles.Admin)]
    [InlineData("none", Roles.Viewer)]
    public async Task Nobody_makes_a_token_above_their_own_role(string own, string wanted)
    {
        var maker = new Administrator((await Hub.AccountAsync(Roles.Viewer)).Id, null, Actor.Cli);
        await Hub.Database.WriteAsync(db => { db.Execute($"update users set role = {own} where id = {maker.UserId}"); }, Cancel);

        var refusal = await Assert.ThrowsAsync<AppException>(() => Hub.Get<ApiTokenService>().CreateAsync("job", wanted, null, maker, Cancel));

        Assert.Equal(["role"], refusal.Errors.Keys);
    }

    [Fact]
    public async Task A_token_makes_lists_and_revokes_no_tokens()
    {
        var id = Hub.Get<ApiTokenStore>().List()[0].Id;
        foreach (var program in new[] { Hub.Viewer, Hub.Operator, Hub.Admin })
        {
            (await program.GetAsync("/api-tokens")).Expect(HttpStatusCode.Forbidden);
            (await program.SendAsync(HttpMethod.Post, "/api-tokens/new", new FormUrlEncodedContent([new("name", "job"), new("role", Roles.Viewer)])))
                .Expect(HttpStatusCode.Forbidden);
            (await program.SendAsync(HttpMethod.Post, $"/api-tokens?handler=Revoke&id={id}", new FormUrlEncodedContent([]))).Expect(HttpStatusCode.Forbidden);
        }

        Assert.All(Hub.Get<ApiTokenStore>().List(), token => Assert.Null(token.RevokedAt));
    }

    [Fact]
    public async Task A_revoked_token_stays_in_the_list_and_an_unknown_one_is_a_404()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        (await admin.PostAsync("/api-tokens?handler=Revoke&id=0")).Expect(HttpStatusCode.NotFound);
        (await admin.PostAsync("/api-tokens?handler=Revoke")).Expect(HttpStatusCode.NotFound);
        var id = Hub.Get<ApiTokenStore>().List().Single(token => token.Role == Roles.Viewer).Id;

        (await admin.PostAsync($"/api-tokens?handler=Revoke&id={id}")).Expect(HttpStatusCode.Redirect);

        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        Assert.Contains("Revoked", (await admin.GetAsync("/api-tokens")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_hundred_come_in_pages_newest_first()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        for (var i = 0; i < 300; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Hub.Get<ApiTokenService>().CreateAsync($"job-{i:000}", Roles.Viewer, null, Actor.Cli, Cancel);
        }

        Assert.Equal(50, JobName().Count((await admin.GetAsync("/api-tokens?page=2")).Body));
        Assert.Equal("job-249", JobName().Match((await admin.GetAsync("/api-tokens?page=2")).Body).Value);
        (await admin.GetAsync("/api-tokens?page=99")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_last_use_is_written_once_for_many_requests_and_not_by_them()
    {
        for (var i = 0; i < 20; i++)
        {
            (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        }

        Assert.Null(LastUse(Roles.Viewer));
        await Hub.Get<ApiTokenUse>().RunOnceAsync(Cancel);
        Assert.Equal((Time.GetUtcNow(), null), (LastUse(Roles.Viewer), LastUse(Roles.Operator)));

        // Without a new use the next pass leaves the row alone.
        await Hub.Database.WriteAsync(db => { db.Execute($"update api_tokens set last_used_at = 1"); }, Cancel);
        await Hub.Get<ApiTokenUse>().RunOnceAsync(Cancel);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1), LastUse(Roles.Viewer));

        Time.Advance(TimeSpan.FromHours(1));
        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        await Hub.Get<ApiTokenUse>().RunOnceAsync(Cancel);
        Assert.Equal(Time.GetUtcNow(), LastUse(Roles.Viewer));
    }

    [Fact]
    public async Task A_malformed_token_is_refused_without_asking_the_database()
    {
        await Hub.Database.WriteAsync(db => { db.Execute($"alter table api_tokens rename to out_of_reach"); }, Cancel);
        var wellFormed = ApiTokenSecret.New().Reveal();
        var slip = wellFormed[..10] + (wellFormed[10] == 'a' ? 'b' : 'a') + wellFormed[11..];

        foreach (var malformed in new[] { slip, wellFormed[..^1], wellFormed + "a", wellFormed.ToUpperInvariant(), "wgh_", new('w', 8000) })
        {
            (await Hub.Client(malformed).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        }

        (await Hub.Client(wellFormed).GetAsync("/api/spoke/list")).Expect(HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED");
    }

    private DateTimeOffset? LastUse(string role) => Hub.Get<ApiTokenStore>().List().Single(token => token.Role == role).LastUsedAt;

    [GeneratedRegex("wgh_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}")]
    private static partial Regex Secret();

    [GeneratedRegex("job-[0-9]{3}")]
    private static partial Regex JobName();
}
