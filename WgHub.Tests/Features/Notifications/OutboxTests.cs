using System.Globalization;
using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>What becomes a message of whom, when, and what becomes of it while its receiver is away.</summary>
public sealed class OutboxTests : NotificationTest
{
    [Fact]
    public async Task A_receiver_that_was_down_gets_all_in_order_when_it_comes_again()
    {
        var (id, _) = await ChannelAsync("/200", events: ["token.*", "spoke.*"]);
        await Receiver.StopAsync();
        var spoke = await Hub.EnrolAsync();
        for (var change = 0; change < 5; change++)
        {
            (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = $"Kim {change}" })).Expect(HttpStatusCode.OK);
        }

        await DeliveryAsync(id, delivery => delivery.GetProperty("tries").GetInt32() == 1);
        for (var minute = 0; minute < 60; minute += 10)
        {
            Time.Advance(TimeSpan.FromMinutes(10));
            await Hub.Get<SendingLoop>().RunOnceAsync(Cancel);
        }

        Assert.NotEqual("", (await Hub.Admin.GetAsync($"/api/notifications/{id}")).Text("failingSince"));
        Assert.DoesNotContain(await DeliveriesAsync(id), delivery => delivery.GetProperty("state").GetString() == "dead");
        Receiver.Start();
        Time.Advance(TimeSpan.FromHours(4));
        Assert.True(await Eventually.TrueAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1)); // a try that was under way makes the hub rest for a moment
                return Receiver.All.Count >= 7;
            },
            Patience, Cancel));

        Assert.Equal(7, Receiver.All.DistinctBy(one => one.Id).Count());
        var owners = Receiver.All.Where(one => one.Type == "spoke.changed").Select(one => JsonDocument.Parse(one.Body).RootElement
            .GetProperty("data").GetProperty("details").GetProperty("owner").GetString());
        Assert.Equal(["0", "1", "2", "3", "4"], owners.Select(owner => owner![^1..]));
        Assert.Equal("", (await Hub.Admin.GetAsync($"/api/notifications/{id}")).Text("failingSince"));
    }

    [Fact]
    public async Task After_a_day_in_vain_it_is_a_dead_letter_and_comes_with_its_id_when_somebody_replays_it()
    {
        Receiver.Status = 503;
        var (id, _) = await ChannelAsync("/status");
        await ChannelAsync("/200", events: "notification.lost");
        await HappenAsync();
        var begun = Time.GetUtcNow();
        var tries = 0;
        Task<JsonElement> NextAsync() => DeliveryAsync(id, delivery => delivery.GetProperty("tries").GetInt32() > tries);
        for (var now = await NextAsync(); now.GetProperty("state").GetString() != "dead"; now = await NextAsync())
        {
            tries = now.GetProperty("tries").GetInt32();
            Assert.InRange(tries, 1, 20);
            Time.Set(now.GetProperty("nextAt").GetDateTimeOffset() + TimeSpan.FromSeconds(6));
        }

        Assert.InRange((Time.GetUtcNow() - begun).TotalHours, 23.5, 24.5);
        Assert.True(await Eventually.TrueAsync(() => Receiver.All.Any(one => one.Type == "notification.lost"), Patience, Cancel));
        var letter = Assert.Single(await DeliveriesAsync(id, "dead"));
        Receiver.Status = 200;
        var person = await Hub.PersonAsync("admin");
        Assert.Contains("Dead letters", (await person.GetAsync($"/notifications/{id}")).Body, StringComparison.Ordinal);
        (await person.PostAsync($"/notifications/{id}?handler=Replay", ("delivery", letter.GetProperty("id").GetString()!))).Expect(HttpStatusCode.OK);
        Time.Advance(TimeSpan.FromSeconds(6));
        await DeliveryAsync(id, "delivered");
        Assert.Equal(letter.GetProperty("id").GetString(), Receiver.All.Last(one => one.Path == "/status").Id);
        (await Hub.Admin.PostAsync($"/api/notifications/{id}/replay", new { deliveryId = "msg_none" })).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task A_clock_that_jumps_makes_no_dead_letter_and_holds_nothing_back()
    {
        Receiver.Status = 503;
        var (id, _) = await ChannelAsync("/status");
        await HappenAsync();
        await DeliveryAsync(id, delivery => delivery.GetProperty("tries").GetInt32() == 1);
        var now = Time.GetUtcNow();
        Time.Set(now.AddYears(5));
        await DeliveryAsync(id, delivery => delivery.GetProperty("tries").GetInt32() == 2);
        Assert.Empty(await DeliveriesAsync(id, "dead"));

        Receiver.Status = 200;
        Time.Set(now.AddSeconds(-30));
        await DeliveryAsync(id, "delivered");
        await HappenAsync();
        Assert.True(await Eventually.TrueAsync(async () => (await DeliveriesAsync(id, "delivered")).Count == 2, Patience, Cancel));
    }

    [Fact]
    public async Task Many_within_a_minute_are_one_message()
    {
        var (id, _) = await ChannelAsync("/200", events: "spoke.*");
        await TellManyAsync(5_000);
        await CollectAsync();

        var digest = Assert.Single(await DeliveriesAsync(id));
        Assert.Equal(("gathering", "notification.digest"), (digest.GetProperty("state").GetString(), digest.GetProperty("event").GetString()));
        Time.Advance(TimeSpan.FromSeconds(61));
        await ReceivedAsync(1);
        Time.Advance(TimeSpan.FromMinutes(5));
        await CollectAsync();

        var one = Assert.Single(Receiver.All);
        using var json = JsonDocument.Parse(one.Body);
        var data = json.RootElement.GetProperty("data");
        Assert.Equal(("notification.digest", 5_000), (one.Type, data.GetProperty("count").GetInt32()));
        Assert.Equal(5_000, data.GetProperty("events").GetProperty("spoke.disconnected").GetInt32());
        Assert.Equal(20, data.GetProperty("first").GetArrayLength());
        Assert.InRange(one.Body.Length, 1, 20_000);
    }

    [Fact]
    public async Task While_a_receiver_is_away_what_waits_does_not_grow_without_end()
    {
        await Receiver.StopAsync();
        var (id, _) = await ChannelAsync("/200", events: "spoke.*");
        for (var round = 0; round < 30; round++)
        {
            await TellManyAsync(15);
            await CollectAsync();
            Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.InRange((await DeliveriesAsync(id, "waiting")).Count, 100, Outbox.MostWaiting);
        Assert.Single(await DeliveriesAsync(id, "gathering"));
    }

    [Fact]
    public async Task In_quiet_hours_all_but_what_is_critical_waits_and_comes_as_one()
    {
        Time.Set(new(2026, 7, 1, 21, 0, 0, TimeSpan.Zero)); // 23:00 in Berlin
        var (id, _) = await ChannelAsync(
            "/200", new { quiet = new { from = "22:00", until = "07:00", zone = "Europe/Berlin" }, events = new[] { "token.*", "spoke.*", "disk.low" } });
        await HappenAsync();
        await HappenAsync();
        await CollectAsync();
        Time.Advance(TimeSpan.FromHours(3));
        await Hub.Database.NoteAsync(tx => HappeningStore.Add(tx, [HappeningStore.Make(tx, EventCatalogue.DiskLow)]), Cancel);
        await ReceivedAsync(1);
        Assert.Equal("disk.low", Receiver.All[0].Type);
        Assert.Single(await DeliveriesAsync(id, "gathering"));

        Time.Set(new(2026, 7, 2, 4, 59, 0, TimeSpan.Zero));
        await CollectAsync();
        Assert.Single(Receiver.All);
        Time.Set(new(2026, 7, 2, 5, 0, 1, TimeSpan.Zero));
        await ReceivedAsync(2);
        Assert.Equal("notification.digest", Receiver.All[1].Type);
        Assert.Contains("\"count\":2", Receiver.All[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_told_of_its_spokes_alone_to_the_last_thing_that_happens_to_them()
    {
        await ChannelAsync("/200", new { groups = new[] { "North" }, events = new[] { "token.*", "spoke.*", "group.*", "user.*" } });
        await HappenAsync("other", "south");
        await HappenAsync("nobodys");
        var (north, gone) = (await Hub.EnrolAsync("north-1"), await Hub.EnrolAsync("south-1"));
        (await Hub.Operator.PatchAsync($"/api/spoke/{north.Id}", new { group = "north" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.DeleteAsync($"/api/spoke/{north.Id}")).Expect(HttpStatusCode.OK);
        (await Hub.Operator.DeleteAsync($"/api/spoke/{gone.Id}")).Expect(HttpStatusCode.OK);
        await HappenAsync("last", "north");
        Assert.True(await Eventually.TrueAsync(() => Receiver.All.Any(one => one.Body.Contains("\"last\"", StringComparison.Ordinal)), Patience, Cancel));

        Assert.Contains(Receiver.All, one => one.Type == "spoke.removed");
        Assert.All(Receiver.All, one => Assert.Contains("\"group\":\"north\"", one.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_level_brings_what_is_as_loud_and_a_restart_brings_nothing_twice()
    {
        await ChannelAsync("/200", new { level = "warning", events = Array.Empty<string>() });
        await HappenAsync();
        await Hub.Database.NoteAsync(
            tx => HappeningStore.Add(
                tx, [HappeningStore.Make(tx, EventCatalogue.BackupOverdue), HappeningStore.Make(tx, EventCatalogue.SpokeConnected)]),
            Cancel);
        await ReceivedAsync(1);
        await Hub.RestartAsync();
        await CollectAsync();
        await Hub.Database.NoteAsync(tx => HappeningStore.Add(tx, [HappeningStore.Make(tx, EventCatalogue.DiskLow)]), Cancel);
        await ReceivedAsync(2);

        Assert.Equal(["backup.overdue", "disk.low"], Receiver.All.Select(one => one.Type));
    }

    [Fact]
    public async Task Old_happenings_go_and_their_numbers_go_on()
    {
        await TellManyAsync(3);
        await CollectAsync();
        Time.Advance(HappeningStore.Life + TimeSpan.FromHours(2));
        await Hub.Get<HappeningStore>().PruneAsync(Cancel);
        await TellManyAsync(1);

        var list = (await Hub.Viewer.GetAsync("/api/events?after=999999.0")).Expect(HttpStatusCode.OK);
        Assert.Equal(2, list.At("events").GetArrayLength());
        Assert.Equal("999999.4", list.Text("next"));
    }

    private Task TellManyAsync(int count) => Hub.Database.NoteAsync(
        tx => HappeningStore.Add(tx, [.. Enumerable.Range(0, count).Select(at => HappeningStore.Make(tx, EventCatalogue.SpokeDisconnected) with
        {
            SubjectId = at.ToString(CultureInfo.InvariantCulture), SubjectName = $"spoke-{at.ToString(CultureInfo.InvariantCulture)}",
        })]),
        Cancel);
}
