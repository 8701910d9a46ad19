using System.Net;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>Channels by API and by page, and what is not taken.</summary>
public sealed class NotificationApiTests : HubTest
{
    private const string Url = "https://hooks.example.com/services/T0KEN";

    [Theory]
    [InlineData("""{"kind":"webhook","target":"https://hooks.example.com/","events":["spoke.removed"]}""", "name")]
    [InlineData("""{"name":"a","kind":"pigeon","target":"https://hooks.example.com/","events":["spoke.removed"]}""", "kind")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://hooks.example.com/","events":["spoke.vanished"]}""", "events")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://hooks.example.com/"}""", "events")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://hooks.example.com/","level":"loud"}""", "level")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://169.254.169.254/latest/","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://[fe80::1]/","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://127.0.0.1:8080/","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://10.0.0.1/","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"webhook","target":"http://hooks.example.com/","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"mail","target":"ops@example.com\r\nBcc: all@example.com","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"mail","target":"Ops <ops@example.com>","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"mail","target":"","level":"info"}""", "target")]
    [InlineData("""{"name":"a","kind":"webhook","target":"https://hooks.example.com/","level":"info","groups":["no,thing!"]}""", "groups")]
    [InlineData("""{"name":"a\r\nb","kind":"webhook","target":"https://hooks.example.com/","level":"info"}""", "name")]
    public async Task What_is_wrong_is_refused_with_its_field(string wish, string field)
    {
        var refused = (await Hub.Admin.SendTextAsync(HttpMethod.Post, "/api/notifications", wish)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal([field], refused.Members("errors"));
        Assert.Empty((await Hub.Admin.GetAsync("/api/notifications")).At("channels").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"from":"22:00","until":"22:00","zone":"UTC"}""")]
    [InlineData("""{"from":"22:00","until":"07:00","zone":"Mars/Olympus"}""")]
    [InlineData("""{"from":"22:00","until":"07:00","zone":"Europe/../Europe/Berlin"}""")]
    [InlineData("\"always\"")]
    public async Task Quiet_hours_that_are_none_are_refused(string quiet)
    {
        var wish = $$"""{"name":"a","kind":"webhook","target":"https://hooks.example.com/","level":"info","quiet":{{quiet}}}""";
        var refused = (await Hub.Admin.SendTextAsync(HttpMethod.Post, "/api/notifications", wish)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Equal(["quiet"], refused.Members("errors"));
    }

    [Fact]
    public async Task A_channel_is_made_changed_and_removed_and_a_refusal_changes_nothing()
    {
        var made = (await Hub.Admin.PostAsync("/api/notifications", Wish("on call"))).Expect(HttpStatusCode.Created);
        var (id, secret) = (made.Text("channel", "id")!, made.Text("secret")!);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        (await Hub.Admin.PostAsync("/api/notifications", Wish("ON CALL"))).Expect(HttpStatusCode.Conflict, "NAME_IN_USE");
        (await Hub.Admin.PatchAsync($"/api/notifications/{id}", new { target = "https://169.254.169.254/", level = "critical" }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await Hub.Admin.PatchAsync($"/api/notifications/{id}", new { kind = "mail" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        var change = new { events = new[] { "spoke.*" }, quiet = new { from = "22:00", until = "07:00", zone = "UTC" } };
        var changed = (await Hub.Admin.PatchAsync($"/api/notifications/{id}", change)).Expect(HttpStatusCode.OK);
        Assert.Equal(("on call", Url, "warning"), (changed.Text("name"), changed.Text("target"), changed.Text("level")));
        Assert.Equal("07:00", changed.Text("quiet", "until"));
        (await Hub.Admin.SendTextAsync(HttpMethod.Patch, $"/api/notifications/{id}", """{"quiet":null}""")).Expect(HttpStatusCode.OK);
        var read = (await Hub.Admin.GetAsync($"/api/notifications/{id}")).Expect(HttpStatusCode.OK);
        Assert.Equal("", read.Text("quiet"));
        Assert.DoesNotContain("whsec", read.Body, StringComparison.Ordinal);
        var told = (await Hub.Viewer.GetAsync("/api/audit/export")).Body;
        Assert.Contains("hooks.example.com", told, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec", told, StringComparison.Ordinal);
        Assert.DoesNotContain("T0KEN", told, StringComparison.Ordinal); // at many receivers the address is a secret
        Assert.DoesNotContain(
            secret[6..], Hub.Database.Read(tx => tx.First($"select sealed_secret from notification_channels", row => row.Text("sealed_secret"))),
            StringComparison.Ordinal);
        (await Hub.Admin.DeleteAsync($"/api/notifications/{id}")).Expect(HttpStatusCode.OK);
        (await Hub.Admin.PostAsync($"/api/notifications/{id}/test", new { })).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal("4", (await Hub.Viewer.GetAsync($"/api/audit?subject={id}")).Text("total"));
    }

    [Fact]
    public async Task The_page_gives_back_what_was_typed_and_shows_a_secret_once()
    {
        var person = await Hub.PersonAsync("admin");
        var refused = await person.PostAsync(
            "/notifications", ("Name", "on call"), ("Kind", "webhook"), ("Target", "https://169.254.169.254/"), ("Events", "spoke.vanished"),
            ("Level", "warning"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.All(
            ["on call", "169.254.169.254 is no address for webhooks", "There is no event &#x27;spoke.vanished&#x27;", "spoke.vanished</textarea>"],
            text => Assert.Contains(text, refused.Body, StringComparison.Ordinal));

        var made = (await person.PostAsync("/notifications", ("Name", "on call"), ("Kind", "webhook"), ("Target", Url), ("Events", "spoke.*"), ("Level", "")))
            .Expect(HttpStatusCode.OK);
        Assert.Contains("whsec_", made.Body, StringComparison.Ordinal);
        var page = await person.GetAsync("/notifications");
        Assert.DoesNotContain("whsec_", page.Body, StringComparison.Ordinal);
        Assert.Contains(Url, page.Body, StringComparison.Ordinal);
        var id = (await Hub.Admin.GetAsync("/api/notifications")).Text("channels", "0", "id");
        Assert.Contains("whsec_", (await person.PostAsync($"/notifications/{id}?handler=Secret")).Body, StringComparison.Ordinal);
        (await person.PostAsync($"/notifications/{id}", ("Name", "night"), ("Kind", "webhook"), ("Target", Url), ("Level", "critical"), ("Enabled", "true")))
            .Expect(HttpStatusCode.OK);
        Assert.Equal("critical", (await Hub.Admin.GetAsync($"/api/notifications/{id}")).Text("level"));
        await person.PostAsync($"/notifications/{id}?handler=Remove");
        Assert.Empty((await Hub.Admin.GetAsync("/api/notifications")).At("channels").EnumerateArray());
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_it_is_connected_to()
    {
        var name = Dns.GetHostName(); // it resolves, to this machine's own
        Assert.SkipUnless((await Dns.GetHostAddressesAsync(name, Cancel)).Length > 0, "The machine's name leads nowhere.");
        var made = (await Hub.Admin.PostAsync("/api/notifications", new { name = "self", kind = "webhook", target = $"https://{name}/", level = "info" }))
            .Expect(HttpStatusCode.Created);

        var test = (await Hub.Admin.PostAsync($"/api/notifications/{made.Text("channel", "id")}/test", new { })).Expect(HttpStatusCode.OK);
        Assert.Contains("is this machine itself: no webhook goes there.", test.Text("said"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_read_on_from_where_an_answer_ended()
    {
        var first = (await Hub.Viewer.GetAsync("/api/events?limit=2")).Expect(HttpStatusCode.OK);
        Assert.Equal(2, first.At("events").GetArrayLength());
        await Hub.EnrolAsync("oslo");
        List<string> names = [];
        for (var (next, count) = (first.Text("next"), 1); count > 0;)
        {
            var more = (await Hub.Viewer.GetAsync($"/api/events?limit=2&after={next}")).Expect(HttpStatusCode.OK);
            names.AddRange(more.At("events").EnumerateArray().Select(one => one.GetProperty("event").GetString()!));
            (next, count) = (more.Text("next"), more.At("events").GetArrayLength());
        }

        Assert.Equal(["token.created", "spoke.registered"], names[^2..]);
        foreach (var query in new[] { "after=x", "after=1", "after=1.2.3", "after=-1.0", "limit=0", "limit=501", "after=99999999999999999999.0" })
        {
            (await Hub.Viewer.GetAsync($"/api/events?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
    }

    [Fact]
    public async Task A_secret_opens_in_its_own_column_of_its_own_row_alone()
    {
        var made = (await Hub.Admin.PostAsync("/api/notifications", Wish("on call"))).Expect(HttpStatusCode.Created);
        var id = made.Text("channel", "id")!;
        await Hub.Admin.PostAsync($"/api/notifications/{id}/secret", new { });
        var store = Hub.Get<ChannelStore>();

        var secrets = store.SecretsOf(store.Find(id)!, Hub.Time.GetUtcNow());
        Assert.Equal(made.Text("secret"), secrets[1].Reveal());
        await Hub.Database.WriteAsync(tx => tx.Execute($"update notification_channels set sealed_secret = sealed_former_secret"), Cancel);
        Assert.Throws<StorageException>(() => store.SecretsOf(store.Find(id)!, Hub.Time.GetUtcNow()));
        Assert.Equal("False", (await Hub.Admin.PostAsync($"/api/notifications/{id}/test", new { })).Expect(HttpStatusCode.OK).Text("delivered"));
    }

    private static object Wish(string name) => new { name, kind = "webhook", target = Url, level = "warning" };
}
