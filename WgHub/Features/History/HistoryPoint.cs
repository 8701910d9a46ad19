namespace WgHub.Features.History;

/// <summary>What went through a spoke's tunnel in one step of time.</summary>
/// <param name="IsSeen">False: nobody looked, and nothing is known.</param>
/// <param name="IsConnected">At one look of the step at least.</param>
/// <param name="ReceivedBytes">From the spoke.</param>
/// <param name="LateReceivedBytes">Seen in this step, but gone through while nobody looked: at any time since the step that was seen before.</param>
internal readonly record struct HistoryPoint(
    bool IsSeen, bool IsConnected, long ReceivedBytes, long SentBytes, long LateReceivedBytes, long LateSentBytes)
{
    public static HistoryPoint Seen(bool isConnected, long received, long sent) => new(true, isConnected, received, sent, 0, 0);

    public static HistoryPoint Late(bool isConnected, long received, long sent) => new(true, isConnected, 0, 0, received, sent);

    /// <summary>Both in one step.</summary>
    public HistoryPoint Plus(in HistoryPoint other) => new(
        IsSeen || other.IsSeen,
        IsConnected || other.IsConnected,
        ReceivedBytes + other.ReceivedBytes,
        SentBytes + other.SentBytes,
        LateReceivedBytes + other.LateReceivedBytes,
        LateSentBytes + other.LateSentBytes);
}
