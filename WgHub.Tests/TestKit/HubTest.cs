namespace WgHub.TestKit;

/// <summary>Tests of which each has a hub of its own, started before it and gone after it.</summary>
public abstract class HubTest : IAsyncLifetime
{
    internal TestHub Hub => field ??= Make();

    /// <summary>The hub, not yet started.</summary>
    private protected virtual TestHub Make() => new();

    public virtual ValueTask InitializeAsync() => Hub.InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
