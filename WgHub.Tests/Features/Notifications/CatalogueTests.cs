using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>The one catalogue of events, what readers are told of it, and what channels may name of it.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void The_documentation_tells_each_happening_with_its_level_and_sentence() =>
        Assert.Equal(
            EventCatalogue.Happenings.OrderBy(known => known.Name, StringComparer.Ordinal)
                .Select(known => $"| `{known.Name}` | {known.LevelName} | {known.Of.Word} | {known.Sentence} |"),
            File.ReadLines(Repository.PathOf("docs/events.md")).SkipWhile(line => !line.StartsWith("## What is no change", StringComparison.Ordinal))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

    [Fact]
    public void No_two_have_one_name_and_each_alarm_has_an_end_as_loud()
    {
        Assert.Equal(EventCatalogue.All.Count, EventCatalogue.All.DistinctBy(known => known.Name).Count());
        Assert.All(EventCatalogue.Alarms, alarm => Assert.Equal(alarm.Level, EventCatalogue.Find(alarm.Name + EventCatalogue.Ended)!.Level));
    }

    [Theory]
    [InlineData("spoke.*", "spoke.removed", true)]
    [InlineData("spoke.*", "spoke.connected", true)]
    [InlineData("spoke.removed", "spoke.registered", false)]
    [InlineData("token.*", "tokens.imported", false)]
    [InlineData("backup.overdue", "backup.overdue.ended", false)]
    [InlineData("backup.*", "backup.overdue.ended", true)]
    public void A_choice_has_what_it_names(string name, string known, bool has) =>
        Assert.Equal(has, EventChoice.TryRead([name], out _)!.Has(EventCatalogue.Find(known)!));

    [Theory]
    [InlineData("spoke.vanished")]
    [InlineData("spoke*")]
    [InlineData("*")]
    [InlineData("sp.*")]
    [InlineData("SPOKE.REMOVED")]
    [InlineData("spoke.removed\n")]
    public void What_is_no_event_is_named(string name)
    {
        var isTaken = EventChoice.TryRead(["spoke.removed", name], out var unknown) is not null;
        Assert.Equal(name.Trim() == "spoke.removed", isTaken);
        Assert.Equal(isTaken ? "" : name, unknown);
    }

    [Theory]
    [InlineData("2026-03-28T21:30:00Z", true)]  // 22:30 in Berlin
    [InlineData("2026-03-29T04:59:00Z", true)]  // 06:59: the clocks went ahead in this night
    [InlineData("2026-03-29T05:00:00Z", false)]
    [InlineData("2026-10-25T05:30:00Z", true)]  // 06:30: they went back
    [InlineData("2026-10-25T06:00:00Z", false)]
    [InlineData("2026-07-01T12:00:00Z", false)]
    public void Quiet_hours_go_by_the_clock_on_the_wall(string at, bool areQuiet)
    {
        Assert.True(QuietHours.TryParse("22:00", "07:00", "Europe/Berlin", out var hours));
        Assert.Equal(areQuiet, hours.AreAt(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(hours, QuietHours.FromStored(hours.ToString()));
    }

    [Fact]
    public void What_is_tried_for_a_day_waits_longer_each_time_and_as_long_as_it_is_asked_to()
    {
        var waits = Enumerable.Range(1, 20).Select(failures => RetrySchedule.After(failures, null)).OfType<TimeSpan>().ToList();
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait).TotalHours, 23.5, 24);
        Assert.Equal(TimeSpan.FromMinutes(2), RetrySchedule.After(1, TimeSpan.FromMinutes(2)));
        Assert.Equal(RetrySchedule.Longest, RetrySchedule.After(1, TimeSpan.FromDays(400)));
        Assert.Equal(TimeSpan.FromSeconds(5), RetrySchedule.After(1, TimeSpan.FromSeconds(-9)));
    }
}
