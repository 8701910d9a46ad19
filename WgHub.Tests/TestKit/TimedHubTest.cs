namespace WgHub.TestKit;

/// <summary>The same with a clock that the test turns.</summary>
public abstract class TimedHubTest : HubTest
{
    internal ManualTime Time { get; } = new();

    private protected override TestHub Make() => new() { Time = Time };
}
