namespace WgHub.Features.Notifications;

/// <summary>What came of one try to tell somebody.</summary>
/// <param name="Said">In words, for the delivery's row; nothing that the receiver wrote is in it.</param>
internal sealed record Outcome(bool IsDelivered, string Said)
{
    /// <summary>True when the receiver as a whole did not answer: the next message would fare no better.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>True when it wants no more, ever.</summary>
    public bool IsGone { get; init; }

    /// <summary>What it asked for; null for nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Outcome Delivered(string said) => new(true, said);

    public static Outcome Refused(string said) => new(false, said);

    public static Outcome Unreachable(string said) => new(false, said) { IsUnreachable = true };
}
