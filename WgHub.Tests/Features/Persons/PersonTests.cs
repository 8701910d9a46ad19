using System.Net;
using System.Net.Http.Json;
using WgHub.Features.Audit;
using WgHub.TestKit;

namespace WgHub.Features.Persons;

/// <summary>What the hub has of somebody, told to them and taken out.</summary>
public sealed class PersonTests : TimedHubTest
{
    private protected override TestHub Make() => new() { Time = Time, Settings = { ["Retention:AuditForDays"] = "90" } };

    [Fact]
    public async Task An_export_holds_account_spokes_tokens_and_what_was_done_and_of_others_nothing()
    {
        var anna = await AnnaAsync();
        await Hub.PersonAsync("viewer", "bert");
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "berts", owner = "bert" })).Expect(HttpStatusCode.Created);

        var export = (await Hub.Admin.GetAsync("/api/persons/ANNA/export")).Expect(HttpStatusCode.OK);

        Assert.Equal(("anna", "operator"), (export.Text("accounts", "0", "name"), export.Text("accounts", "0", "role")));
        Assert.Equal("127.0.0.1", export.Text("accounts", "0", "sessions", "0", "address"));
        Assert.Equal(anna.Spoke, export.Text("spokes", "0", "id"));
        Assert.Equal("user:anna", export.Text("tokens", "0", "createdBy"));
        Assert.Contains("token.created", export.At("audit").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("notes of spokes", export.Text("mentions", "0", "where"));
        Assert.DoesNotContain("bert", export.Body, StringComparison.Ordinal);
        (await Hub.Admin.GetAsync("/api/persons/nobody/export")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Who_is_erased_is_nowhere_but_where_a_person_has_to_look_and_the_chain_holds_with_the_heads_told_before()
    {
        var anna = await AnnaAsync();
        await Hub.Nobody.PostAsync("/signin", new { });
        await Hub.Nobody.SendAsync(
            HttpMethod.Post, "/signin", new FormUrlEncodedContent([KeyValuePair.Create("name", "Anna"), KeyValuePair.Create("password", "wrong")]));
        var told = Hub.Database.Read(AuditChain.Head);
        await Hub.EnrolAsync();
        var would = (await Hub.Admin.PostAsync("/api/persons/anna/erase?dryRun=true", new { })).Expect(HttpStatusCode.OK);
        Assert.Equal("user:anna", (await Hub.Admin.GetAsync("/api/persons/anna/export")).Text("tokens", "0", "createdBy"));

        var done = (await Hub.Admin.PostAsync("/api/persons/anna/erase", new { })).Expect(HttpStatusCode.OK);

        Assert.Equal((would.Text("accounts"), would.Text("spokes"), would.Text("tokens")), (done.Text("accounts"), done.Text("spokes"), done.Text("tokens")));
        Assert.Equal(("1", "1"), (done.Text("accounts"), done.Text("spokes")));
        var pseudonym = done.Text("pseudonym")!;
        Assert.Matches("^erased-[0-9a-f]{12}$", pseudonym);
        foreach (var table in new[] { "audit", "audit_names", "users", "sessions", "installation_tokens", "api_tokens" })
        {
            Assert.DoesNotContain("anna", Dump(table), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(["notes of spokes"], (await Hub.Admin.GetAsync("/api/persons/anna/export")).At("mentions").EnumerateArray()
            .Select(mention => mention.GetProperty("where").GetString()));
        Assert.Contains($"user:{pseudonym}", (await Hub.Viewer.GetAsync("/api/audit?event=token.created")).Body, StringComparison.Ordinal);
        Assert.Null(Verify(null).Fault);
        Assert.Null(Verify(told).Fault);
        (await anna.Person.GetAsync("/account")).Expect(HttpStatusCode.Redirect); // signed out
        Assert.Contains("pending", (await Hub.Viewer.GetAsync($"/api/spoke/{anna.Spoke}")).Body, StringComparison.Ordinal);
        var entry = (await Hub.Viewer.GetAsync("/api/audit?event=person.erased")).At("entries")[0].GetProperty("detail");
        Assert.Equal(pseudonym, entry.GetProperty("pseudonym").GetString());
    }

    [Fact]
    public async Task Two_persons_in_one_entry_and_a_cut_through_the_erased_ones_leave_a_chain()
    {
        await AnnaAsync();
        await Hub.PersonAsync("viewer", "bert");
        var spoke = await Hub.EnrolAsync();
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = "anna" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = "bert" })).Expect(HttpStatusCode.OK); // anna → bert
        await EraseAsync("anna");
        Assert.Null(Verify(null).Fault);
        await EraseAsync("bert");
        Assert.Null(Verify(null).Fault);
        Assert.DoesNotContain("bert", Dump("audit"), StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromDays(50));
        await Hub.PersonAsync("viewer", "carl");
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = "carl" })).Expect(HttpStatusCode.OK);
        await EraseAsync("carl");
        Time.Advance(TimeSpan.FromDays(45));
        (await Hub.Admin.PostAsync("/api/retention/run", new { })).Expect(HttpStatusCode.OK);
        Assert.NotEqual("0", (await Hub.Viewer.GetAsync("/api/audit?event=audit.cut")).Text("total"));
        Assert.Null(Verify(null).Fault);
    }

    [Theory]
    [InlineData("update audit set actor = 'user:eve' where sequence = (select max(sequence) from audit where redacted_by is not null)")]
    [InlineData("update audit set redacted_by = null where redacted_by is not null")]
    [InlineData("update audit set redacted_by = redacted_by + 1 where redacted_by is not null")]
    [InlineData("update audit set redacted_by = (select max(redacted_by) from audit), detail = '{}' where redacted_by is null and event = 'spoke.registered'")]
    [InlineData("update audit set hash = replace(hash, '0', '1') where redacted_by is not null")]
    [InlineData("update audit set redacted_by = 9999, detail = '{}' where event = 'spoke.registered'")]
    [InlineData("delete from audit where sequence = (select min(sequence) from audit where redacted_by is not null)")]
    public async Task What_was_changed_as_if_a_person_had_been_taken_out_is_seen(string change)
    {
        await AnnaAsync();
        await EraseAsync("anna");
        await Hub.EnrolAsync();
        Assert.Null(Verify(null).Fault);

        await Hub.Database.WriteAsync(tx => tx.Execute($"{new Storage.SqlPart(change)}"), Cancel);

        Assert.NotNull(Verify(null).Fault);
    }

    /// <summary>Whoever has the database must not find out by trying names who stood in an entry.</summary>
    [Fact]
    public async Task No_hash_tells_who_was_taken_out()
    {
        await AnnaAsync();
        var before = Hub.Database.Read(tx => tx.Query(
            $"select hash, salt from audit where event = 'token.created'", row => (row.Text("hash"), row.Text("salt"))));
        await EraseAsync("anna");

        var after = Hub.Database.Read(tx => tx.Query(
            $"select hash, salt from audit where event = 'token.created' and redacted_by is not null", row => (row.Text("hash"), row.TextOrNull("salt"))));

        Assert.NotEmpty(after);
        Assert.All(after, one => Assert.Null(one.Item2));
        Assert.Subset(before.Select(one => one.Item1).ToHashSet(), after.Select(one => one.Item1).ToHashSet());
        Assert.All(before, one => Assert.Equal(32, one.Item2.Length));
    }

    [Fact]
    public async Task Neither_oneself_nor_the_last_administrator_is_erased_and_a_browser_proves_who_sits_there()
    {
        var root = await Hub.PersonAsync("admin", "root");
        (await root.Browser.SendAsync(HttpMethod.Post, "/api/persons/root/erase", JsonContent.Create(new { }), ("X-CSRF", root.Antiforgery)))
            .Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Hub.Admin.PostAsync("/api/persons/root/erase", new { })).Expect(HttpStatusCode.Conflict, "LAST_ADMINISTRATOR");
        await AnnaAsync();
        Time.Advance(TimeSpan.FromMinutes(6));
        (await root.GetAsync("/api/persons/anna/export")).Expect(HttpStatusCode.Forbidden, "CONFIRMATION_NEEDED");
        (await root.Browser.SendAsync(HttpMethod.Post, "/api/persons/anna/erase", JsonContent.Create(new { }), ("X-CSRF", root.Antiforgery)))
            .Expect(HttpStatusCode.Forbidden, "CONFIRMATION_NEEDED");
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("user%3Aanna")]
    [InlineData("a%0Ab")]
    public async Task What_is_no_name_is_refused(string who) =>
        (await Hub.Admin.GetAsync($"/api/persons/{who}/export")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    /// <summary>An account that made a token, owns a spoke, and stands in its notes.</summary>
    private async Task<(Person Person, string Spoke)> AnnaAsync()
    {
        var anna = await Hub.PersonAsync("operator", "anna");
        (await anna.Browser.SendAsync(
            HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = "laptop", owner = "Anna" }), ("X-CSRF", anna.Antiforgery)))
            .Expect(HttpStatusCode.Created);
        var spoke = await Hub.EnrolAsync();
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = "anna", notes = "ask Anna" })).Expect(HttpStatusCode.OK);
        return (anna, spoke.Id);
    }

    private async Task EraseAsync(string who) => (await Hub.Admin.PostAsync($"/api/persons/{who}/erase", new { })).Expect(HttpStatusCode.OK);

    private string Dump(string table) => Hub.Database.Read(tx => string.Join(
        '\n', tx.Query($"select * from {new Storage.SqlPart(table)}", row => string.Join('|', row.Values()))));

    private AuditVerdict Verify(AuditLink? expected) => Hub.Database.Read(tx => AuditChain.Verify(tx, expected));
}
