using System.Diagnostics;
using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>What goes out, before receivers that behave, and before those that do not.</summary>
public sealed class WebhookTests : NotificationTest
{
    private static string Oracle => Repository.PathOf("WgHub.Tests/Features/Notifications/oracle");

    [Fact]
    public async Task The_known_verifier_takes_what_the_hub_signs_and_nothing_else()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Oracle, "node_modules")), "standardwebhooks is not to be had from npm here.");
        Time.Set(TimeProvider.System.GetUtcNow()); // the verifier goes by the machine's
        var (id, secret) = await ChannelAsync("/200");
        await HappenAsync("oslo");
        await ReceivedAsync(1);
        var first = Receiver.All[0];

        Assert.Equal("good", await VerifyAsync(secret, first, first.Body));
        Assert.Equal("No matching signature found", await VerifyAsync(secret, first, first.Body.Replace("oslo", "asla", StringComparison.Ordinal)));
        Assert.Equal("No matching signature found", await VerifyAsync(WebhookSecret.New().Reveal(), first, first.Body));
        Assert.Equal(
            "Message timestamp too old", await VerifyAsync(secret, first, first.Body, ("webhook-timestamp", $"{Time.GetUtcNow().ToUnixTimeSeconds() - 600}")));
        Assert.Equal("Missing required headers", await VerifyAsync(secret, first, first.Body, ("webhook-signature", "")));

        // Another secret: for a day either opens it.
        var next = (await Hub.Admin.PostAsync($"/api/notifications/{id}/secret", new { })).Expect(HttpStatusCode.OK).Text("secret")!;
        await HappenAsync();
        await ReceivedAsync(2);
        var second = Receiver.All[1];
        Assert.Equal(2, second.Headers["webhook-signature"].Split(' ').Length);
        Assert.Equal("good", await VerifyAsync(secret, second, second.Body));
        Assert.Equal("good", await VerifyAsync(next, second, second.Body));
        Time.Advance(NotificationService.FormerLife);
        await HappenAsync();
        await ReceivedAsync(3);
        Assert.Single(Receiver.All[2].Headers["webhook-signature"].Split(' '));
    }

    [Fact]
    public async Task A_message_says_what_happened_to_whom_and_by_whom()
    {
        var (id, _) = await ChannelAsync("/200");
        await HappenAsync("oslo", "north");
        await ReceivedAsync(1);

        var one = Receiver.All[0];
        using var json = JsonDocument.Parse(one.Body);
        Assert.Equal(["type", "timestamp", "data"], json.RootElement.EnumerateObject().Select(member => member.Name));
        var data = json.RootElement.GetProperty("data");
        Assert.Equal(("token.created", "info"), (one.Type, data.GetProperty("level").GetString()));
        Assert.Equal("oslo", data.GetProperty("subject").GetProperty("name").GetString());
        Assert.Equal("north", data.GetProperty("subject").GetProperty("group").GetString());
        Assert.StartsWith("api:test operator", data.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(json.RootElement.ToString(), "whsec", StringComparison.Ordinal);
        Assert.StartsWith("application/json", one.Headers["content-type"], StringComparison.Ordinal);
        var delivered = await DeliveryAsync(id, "delivered");
        Assert.Equal((one.Id, "Answered 200."), (delivered.GetProperty("id").GetString(), delivered.GetProperty("said").GetString()));
        Assert.Equal(1, delivered.GetProperty("tries").GetInt32());
    }

    [Theory]
    [InlineData("/500", "Answered 500.")]
    [InlineData("/429", "Answered 429.")]
    [InlineData("/400", "Answered 400.")]
    [InlineData("/redirect", "Answered 307, a redirect: those are not followed.")]
    [InlineData("/garbage", "It does not speak HTTP as it should.")]
    [InlineData("/nothing", "It does not speak HTTP as it should.")]
    [InlineData("/headers", "It does not speak HTTP as it should.")]
    public async Task What_a_receiver_does_wrong_is_told_and_tried_again(string path, string said)
    {
        var (id, _) = await ChannelAsync(path);
        await HappenAsync();

        var waiting = await DeliveryAsync(id, delivery => delivery.GetProperty("tries").GetInt32() == 1);
        Assert.Equal(("waiting", said), (waiting.GetProperty("state").GetString(), waiting.GetProperty("said").GetString()));
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(5), waiting.GetProperty("nextAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Time.Advance(TimeSpan.FromSeconds(6));
        await ReceivedAsync(2);
        Assert.DoesNotContain(Receiver.All, one => one.Path == "/200");
        Assert.Equal(Receiver.All[0].Id, Receiver.All[1].Id);
        Assert.Equal(Receiver.All[0].Body, Receiver.All[1].Body);
    }

    [Fact]
    public async Task An_answer_without_end_is_hung_up_on_and_counts_as_its_status()
    {
        var (id, _) = await ChannelAsync("/endless");
        await HappenAsync();

        Assert.Equal("Answered 200.", (await DeliveryAsync(id, "delivered")).GetProperty("said").GetString());
        Assert.True(await Eventually.TrueAsync(() => Receiver.Open == 0, Patience, Cancel), "The connection stays.");
    }

    [Theory]
    [InlineData("/hang")]
    [InlineData("/drip")]
    public async Task Who_does_not_answer_within_ten_seconds_is_told_so_and_holds_up_nobody(string path)
    {
        var (slow, _) = await ChannelAsync(path);
        var (fast, _) = await ChannelAsync("/200");
        var watch = Stopwatch.StartNew();
        await HappenAsync();
        await DeliveryAsync(fast, "delivered");
        await HappenAsync();
        Assert.True(await Eventually.TrueAsync(async () => (await DeliveriesAsync(fast, "delivered")).Count == 2, Patience, Cancel));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 9);

        var told = await DeliveryAsync(slow, delivery => delivery.GetProperty("tries").GetInt32() == 1);
        Assert.Equal("No answer within 10 s.", told.GetProperty("said").GetString());
        Assert.InRange(watch.Elapsed.TotalSeconds, 9, 25);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_told()
    {
        await using var tls = new Receiver(isTls: true);
        var (id, _) = await ChannelAsync(tls.Url("/200"));

        var test = (await Hub.Admin.PostAsync($"/api/notifications/{id}/test", new { })).Expect(HttpStatusCode.OK);
        Assert.Equal(("False", "Its certificate is not trusted, or is for another name."), (test.Text("delivered"), test.Text("said")));
        Assert.Empty(tls.All);
    }

    [Fact]
    public async Task Who_answers_410_is_switched_off_and_that_is_told_to_others()
    {
        var (gone, _) = await ChannelAsync("/410");
        await ChannelAsync("/200", events: "notification.*");
        await HappenAsync();
        await DeliveryAsync(gone, "dead");

        var channel = (await Hub.Admin.GetAsync($"/api/notifications/{gone}")).Expect(HttpStatusCode.OK);
        Assert.Equal(("False", "Answered 410: no more, ever."), (channel.Text("enabled"), channel.Text("stopped")));
        Assert.True(await Eventually.TrueAsync(() => Receiver.All.Any(one => one.Type == "notification.stopped"), Patience, Cancel));
        await HappenAsync();
        await CollectAsync();
        Assert.Single(Receiver.All, one => one.Path == "/410");

        // Switched on again, what came meanwhile comes too, and the dead letter when somebody says so.
        Receiver.Status = 200;
        (await Hub.Admin.PatchAsync($"/api/notifications/{gone}", new { target = Receiver.Url("/status"), enabled = true })).Expect(HttpStatusCode.OK);
        await DeliveryAsync(gone, "delivered");
        Assert.Equal("1", (await Hub.Admin.PostAsync($"/api/notifications/{gone}/replay", new { })).Expect(HttpStatusCode.OK).Text("replayed"));
        Assert.True(await Eventually.TrueAsync(async () => (await DeliveriesAsync(gone, "dead")).Count == 0, Patience, Cancel));
    }

    [Fact]
    public async Task The_test_button_says_what_came_of_it()
    {
        var (id, secret) = await ChannelAsync("/status");
        Assert.Equal("True", (await Hub.Admin.PostAsync($"/api/notifications/{id}/test", new { })).Text("delivered"));
        Receiver.Status = 503;
        var person = await Hub.PersonAsync("admin");
        Assert.Contains("Answered 503.", (await person.PostAsync($"/notifications/{id}?handler=Test")).Body, StringComparison.Ordinal);
        Assert.Equal(["notification.test", "notification.test"], Receiver.All.Select(one => one.Type));
        Assert.Empty(await DeliveriesAsync(id));
        Assert.DoesNotContain(secret, (await person.GetAsync($"/notifications/{id}")).Body, StringComparison.Ordinal);
    }

    private static async Task<string> VerifyAsync(string secret, Received one, string body, params (string Name, string Value)[] other)
    {
        var headers = one.Headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, value) in other)
        {
            headers[name] = value;
        }

        return (await Shell.RunAsync(
            ["node", Path.Combine(Oracle, "verify.mjs")], JsonSerializer.Serialize(new { secret, headers, body }), Cancel)).OrThrow().Trim();
    }
}
