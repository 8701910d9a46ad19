using System.Globalization;

namespace WgHub.Storage;

/// <summary>When a file was put aside, as part of its name: UTC, to the second, such as 20261129T013215Z.</summary>
internal static class FileStamp
{
    public static string Now(TimeProvider time) => time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
