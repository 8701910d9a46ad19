using System.Globalization;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine's own clock showed when it registered, in Unix seconds.</summary>
internal static class ToldClock
{
    private const string Key = "clock";

    /// <summary>The year 3000.</summary>
    private const long Latest = 32_503_680_000;

    /// <summary>What install scripts before that of today send along with a clock.</summary>
    private static readonly string[] OfScripts = ["distribution", "arch", "hostname", "wireguardVersion"];

    /// <param name="clock">The request's own field.</param>
    /// <param name="metadata">An older install script put the clock among it: it is taken out. One that anybody else sends stays, and is theirs.</param>
    /// <returns>Null when it was not told.</returns>
    public static long? Take(FieldChecks checks, long? clock, Dictionary<string, string> metadata)
    {
        if (clock is < 0 or > Latest)
        {
            checks.Fail(Key, "Unix seconds.");
        }

        if (clock is null && OfScripts.All(metadata.ContainsKey) && metadata.TryGetValue(Key, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest)
        {
            metadata.Remove(Key);
            return seconds;
        }

        return clock;
    }
}
