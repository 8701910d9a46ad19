namespace WgHub.Web;

/// <summary>Times as people say them.</summary>
internal static class Age
{
    /// <summary>Added to what is to come: a token that was just given a day has 24 h, and not 23.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <returns><c>12 s ago</c>, or <c>in 23 h</c> for what is to come.</returns>
    public static string Of(DateTimeOffset time, DateTimeOffset now) =>
        time > now ? $"in {Span(time - now + Grace)}" : $"{Span(now - time)} ago";

    /// <returns>The same by the minute, and <c>just now</c> before: a page that is asked for every few seconds stands still meanwhile.</returns>
    public static string Lately(DateTimeOffset time, DateTimeOffset now) => time <= now && now - time < TimeSpan.FromMinutes(1) ? "just now" : Of(time, now);

    /// <returns><c>2026-11-21 05:07 UTC</c>.</returns>
    public static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);

    /// <returns><c>45 seconds</c>, <c>36 minutes</c> or <c>2 hours</c>, never less than what is asked.</returns>
    public static string Wait(TimeSpan time) => time switch
    {
        { TotalSeconds: <= 90 } => Count(time.TotalSeconds, "second"),
        { TotalMinutes: <= 90 } => Count(time.TotalMinutes, "minute"),
        _ => Count(time.TotalHours, "hour"),
    };

    private static string Count(double number, string unit) => Math.Ceiling(number) is var whole && whole == 1 ? $"1 {unit}" : $"{whole} {unit}s";

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    };
}
