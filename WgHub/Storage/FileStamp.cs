using System.Globalization;

namespace WgHub.Storage;

/// <summary>When a file was made or put aside, as part of its name: UTC, to the second, such as 20261129T013215Z.</summary>
internal static class FileStamp
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    public static string Now(TimeProvider time) => Of(time.GetUtcNow());

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
