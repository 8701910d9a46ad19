using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WgHub.Features.Notifications;

/// <summary>Hours of each day in which only what is critical is told at once.</summary>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    public const string Rule = "Two different times such as 22:00 and 07:00, and a time zone such as Europe/Berlin or UTC.";

    private const string Time = "HH:mm";

    public static bool TryParse(string? from, string? until, string? zone, [NotNullWhen(true)] out QuietHours? hours)
    {
        hours = TryTime(from, out var begin) && TryTime(until, out var end) && begin != end && zone is { Length: > 0 and <= 64 } && zone.All(IsOfZone)
            && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? new(begin, end, found)
            : null;
        return hours is not null;
    }

    /// <returns>Null for never, and where the machine does not know the zone any more: then nothing is held back.</returns>
    public static QuietHours? FromStored(string text) =>
        text.Split(' ', 2) is [var span, var zone] && span.Split('-') is [var from, var until] && TryParse(from, until, zone, out var hours) ? hours : null;

    public string FromText => From.ToString(Time, CultureInfo.InvariantCulture);

    public string UntilText => Until.ToString(Time, CultureInfo.InvariantCulture);

    /// <summary>By the clock of the zone: an hour that is left out or comes twice is as its name says.</summary>
    public bool AreAt(DateTimeOffset now) =>
        TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime).IsBetween(From, Until); // also over midnight

    public override string ToString() => $"{FromText}-{UntilText} {Zone.Id}";

    /// <summary>It is a path for the machine.</summary>
    private static bool IsOfZone(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+';

    private static bool TryTime(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, Time, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
