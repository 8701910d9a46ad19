using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.TestKit;

namespace WgHub.Features.Retention;

/// <summary>What goes by the rules, and what never does.</summary>
[Collection(nameof(MachineRoutes))]
public sealed class RetentionTests : TimedHubTest
{
    private static readonly string[] Rules = ["tokens", "clusterTokens", "apiTokens", "spokes", "audit"];

    private protected override TestHub Make() => new()
    {
        Time = Time,
        Settings = { ["Retention:TokensForDays"] = "30", ["Retention:AuditForDays"] = "90", ["Retention:SpokesForDays"] = "60" },
    };

    [Fact]
    public async Task Nothing_young_goes_and_a_dry_run_says_what_would()
    {
        await Hub.EnrolAsync();
        var (unused, _, _) = await Hub.TokenAsync("bergen");
        var revoked = await Hub.TokenAsync("bodo");
        (await Hub.Operator.DeleteAsync($"/api/installation/token/{revoked.Id}")).Expect(HttpStatusCode.OK);
        Assert.Equal([0, 0, 0, 0, 0], Counts(await RunAsync(dryRun: true)));
        Assert.Equal([0, 0, 0, 0, 0], Counts(await RunAsync(dryRun: false)));

        Time.Advance(TimeSpan.FromDays(40));
        var would = await RunAsync(dryRun: true);
        Assert.Equal(Rules, would.At("items").EnumerateArray().Select(item => item.GetProperty("rule").GetString()));
        Assert.Equal([2, 0, 0, 0, 0], Counts(would));
        Assert.Equal("""["bergen","bodo"]""", would.At("items", "0", "names").GetRawText());
        Assert.Contains(unused, (await Hub.Viewer.GetAsync("/api/installation/tokens")).Body, StringComparison.Ordinal);

        Assert.Equal(would.At("items").GetRawText(), (await RunAsync(dryRun: false)).At("items").GetRawText());
        Assert.DoesNotContain("bodo", (await Hub.Viewer.GetAsync("/api/installation/tokens")).Body, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0, 0, 0], Counts(await RunAsync(dryRun: true)));
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "bergen" })).Expect(HttpStatusCode.Created);
        var entry = (await Hub.Viewer.GetAsync("/api/audit?event=retention.run")).At("entries")[0].GetProperty("detail");
        Assert.Equal("2", entry.GetProperty("tokens").GetString());
    }

    [Fact]
    public async Task The_token_that_a_spoke_came_by_stays_with_it_and_goes_after_it()
    {
        var spoke = await Hub.EnrolAsync();
        var other = await Hub.EnrolAsync();
        (await Hub.Operator.DeleteAsync($"/api/spoke/{other.Id}")).Expect(HttpStatusCode.OK);
        Time.Advance(TimeSpan.FromDays(40));
        Assert.Equal(1, Counts(await RunAsync(dryRun: false))[0]);

        (await Hub.Nobody.PostAsync("/api/spoke/unregister", new { token = other.Token, publicKey = other.Key }))
            .Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
        (await Hub.Nobody.PostAsync("/api/spoke/unregister", new { token = spoke.Token, publicKey = spoke.Key })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cluster_token_goes_after_those_of_its_nodes_and_an_API_token_when_it_is_over()
    {
        var made = (await Hub.Operator.PostAsync("/api/proxmox/cluster-token", new { site = "berlin", expiresInHours = 1 })).Expect(HttpStatusCode.Created);
        Assert.NotNull(made.Text("token", "id"));
        await Hub.Get<Auth.Admin.ApiTokenService>().CreateAsync("short", "viewer", "1d", Storage.Actor.Cli, Cancel);
        Time.Advance(TimeSpan.FromDays(40));

        var done = await RunAsync(dryRun: false);

        Assert.Equal([0, 1, 1, 0, 0], Counts(done));
        Assert.Equal("""["short"]""", done.At("items", "2", "names").GetRawText());
        Assert.Equal("0", (await Hub.Viewer.GetAsync("/api/proxmox/cluster-tokens")).Text("total"));
        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK); // those without an end stay
    }

    [Fact]
    public async Task Who_is_silent_is_switched_off_and_who_carries_a_network_is_not()
    {
        var (silent, gateway) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        (await Hub.Operator.PostAsync("/api/networks", new { name = "office", cidr = "10.77.0.0/16", via = gateway.Id })).Expect(HttpStatusCode.Created);
        Time.Advance(TimeSpan.FromDays(61));
        var young = await Hub.EnrolAsync();

        var done = await RunAsync(dryRun: false);

        Assert.Equal($"""["{silent.Name}"]""", done.At("items", "3", "names").GetRawText());
        Assert.Equal(
            ("disabled", "pending", "pending"),
            (await StatusAsync(silent.Id), await StatusAsync(gateway.Id), await StatusAsync(young.Id)));
        Assert.DoesNotContain(silent.Key, (await Wg.PeersAsync(Hub.Interface)).Keys);
        Assert.Equal([0, 0, 0, 0, 0], Counts(await RunAsync(dryRun: true)));
    }

    /// <summary>A clock that is wrong by a year makes everybody silent.</summary>
    [Fact]
    public async Task The_hub_itself_does_not_cut_off_most_and_a_person_may()
    {
        var spokes = new List<Enrolled>();
        for (var count = 0; count < 12; count++)
        {
            spokes.Add(await Hub.EnrolAsync());
        }

        var loop = Hub.Get<RetentionLoop>();
        await loop.RunOnceAsync(Cancel);
        Time.Advance(TimeSpan.FromDays(365));
        Assert.Equal("True", (await RunAsync(dryRun: true)).Text("items", "3", "held"));
        await loop.RunOnceAsync(Cancel);
        Assert.Equal("pending", await StatusAsync(spokes[0].Id));
        Assert.NotEqual("0", (await Hub.Viewer.GetAsync("/api/audit?event=retention.run")).Text("total")); // the other rules ran

        Assert.Equal(12, Counts(await RunAsync(dryRun: false))[3]);
        Assert.Equal("disabled", await StatusAsync(spokes[11].Id));
    }

    [Fact]
    public async Task By_itself_it_runs_once_a_day_and_not_in_the_first_hour()
    {
        await Hub.TokenAsync();
        var loop = Hub.Get<RetentionLoop>();
        Time.Advance(TimeSpan.FromDays(40));
        Time.Advance(TimeSpan.FromMinutes(1));
        await loop.RunOnceAsync(Cancel);
        Time.Advance(TimeSpan.FromHours(20));
        await loop.RunOnceAsync(Cancel);
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/audit?event=retention.run")).Text("total"));
        Time.Advance(TimeSpan.FromHours(5));
        await loop.RunOnceAsync(Cancel);
        Assert.Equal("2", (await Hub.Viewer.GetAsync("/api/audit?event=retention.run")).Text("total"));
    }

    [Fact]
    public async Task What_is_left_of_a_cut_log_is_a_chain_and_tells_where_it_was_cut()
    {
        for (var count = 0; count < 5; count++)
        {
            await Hub.TokenAsync();
        }

        var told = Hub.Database.Read(AuditChain.Head);
        Time.Advance(TimeSpan.FromDays(100));
        var young = await Hub.TokenAsync();
        var between = Hub.Database.Read(AuditChain.Head);

        Assert.Equal(told.Sequence, Counts(await RunAsync(dryRun: false))[4]);

        var entries = await Hub.Viewer.GetAsync("/api/audit?pageSize=500");
        Assert.DoesNotContain(entries.At("entries").EnumerateArray(), entry => entry.GetProperty("at").GetDateTimeOffset() < Time.GetUtcNow().AddDays(-90));
        var cut = (await Hub.Viewer.GetAsync("/api/audit?event=audit.cut")).At("entries")[0].GetProperty("detail");
        Assert.Equal($"{told}", $"{cut.GetProperty("behind").GetString()}:{cut.GetProperty("hash").GetString()}");
        Assert.Null(Verify(null).Fault);
        Assert.Null(Verify(between).Fault);
        Assert.Null(Verify(told).Fault);
        Assert.Contains($"up to {told}", Verify(null).ToString(), StringComparison.Ordinal);
        Assert.Contains("was taken away for its age", Verify(new(told.Sequence - 1, told.Hash)).Fault, StringComparison.Ordinal);
        Assert.NotNull(young.Id);

        Time.Advance(TimeSpan.FromDays(100));
        await Hub.TokenAsync();
        await RunAsync(dryRun: false);
        Assert.Null(Verify(null).Fault);
    }

    [Theory]
    [InlineData("delete from audit where sequence = (select min(sequence) from audit)")]
    [InlineData("update audit set detail = replace(detail, 'behind', 'before') where event = 'audit.cut'")]
    [InlineData("delete from audit where event = 'audit.cut'")]
    [InlineData("update audit set actor = 'user:eve' where sequence = (select min(sequence) from audit)")]
    public async Task A_cut_that_nobody_told_of_is_seen(string change)
    {
        Time.Advance(TimeSpan.FromDays(100));
        await Hub.TokenAsync();
        await RunAsync(dryRun: false);
        await Hub.TokenAsync();
        Assert.Null(Verify(null).Fault);

        await Hub.Database.WriteAsync(tx => tx.Execute($"{new Storage.SqlPart(change)}"), Cancel);

        Assert.NotNull(Verify(null).Fault);
    }

    [Fact]
    public async Task The_page_tells_the_rules_and_runs_them_after_a_fresh_proof()
    {
        await Hub.TokenAsync("bergen");
        Time.Advance(TimeSpan.FromDays(40));
        var admin = await Hub.PersonAsync("admin");
        var page = (await admin.GetAsync("/retention")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("bergen", page, StringComparison.Ordinal);
        Assert.Contains("30 days", page, StringComparison.Ordinal);

        Assert.Contains("Run the rules now?", page, StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromMinutes(6));
        Assert.StartsWith("/confirm", (await admin.PostAsync("/retention")).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("bergen", (await Hub.Viewer.GetAsync("/api/installation/tokens")).Body, StringComparison.Ordinal);
    }

    private async Task<Answer> RunAsync(bool dryRun)
    {
        await Hub.Get<Reconciler>().RunOnceAsync(Cancel);
        return (await Hub.Admin.PostAsync($"/api/retention/run?dryRun={(dryRun ? "true" : "false")}", new { })).Expect(HttpStatusCode.OK);
    }

    private static List<long> Counts(Answer answer) => [.. answer.At("items").EnumerateArray().Select(item => item.GetProperty("count").GetInt64())];

    private async Task<string?> StatusAsync(string id) => (await Hub.Viewer.GetAsync($"/api/spoke/{id}")).Text("status");

    private AuditVerdict Verify(AuditLink? expected) => Hub.Database.Read(tx => AuditChain.Verify(tx, expected));
}
