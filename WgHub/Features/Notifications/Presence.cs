namespace WgHub.Features.Notifications;

/// <summary>Whether a spoke is connected, as it was told last.</summary>
/// <param name="Changes">How many ups and downs came soon one after the other, this one too.</param>
internal sealed record Presence(bool IsConnected, DateTimeOffset Since, int Changes)
{
    /// <summary>So many ups and downs are told one by one; the next is told as flapping, and then nothing until the spoke has settled.</summary>
    public const int ToldChanges = 4;

    /// <summary>What stays so long has settled.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(30);

    /// <param name="before">Null for a spoke that has never been connected.</param>
    /// <returns>How it stands now, and what is to be told; null for nothing.</returns>
    public static (Presence? After, NotifiedEvent? Told) Next(Presence? before, bool isConnected, DateTimeOffset now)
    {
        if (before?.IsConnected == isConnected || (before is null && !isConnected))
        {
            return before is { Changes: > ToldChanges } && now - before.Since >= Settled
                ? (before with { Changes = 0 }, Event(isConnected))
                : (before, null);
        }

        var changes = before is null || now - before.Since >= Settled ? 1 : before.Changes + 1;
        return (
            new(isConnected, now, changes),
            changes <= ToldChanges ? Event(isConnected) : changes == ToldChanges + 1 ? EventCatalogue.SpokeFlapping : null);
    }

    private static NotifiedEvent Event(bool isConnected) => isConnected ? EventCatalogue.SpokeConnected : EventCatalogue.SpokeDisconnected;
}
