namespace WgHub.Lab;

/// <summary>Tests of the published file as a service that it makes itself, each in a network of its own.</summary>
public abstract class InstalledHubTest : IAsyncLifetime
{
    private protected LabNet Lab { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(InstalledHub.IsPublished, "Only the one file that publish.sh makes can be installed.");
        Lab = await LabNet.CreateAsync(Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Lab is not null)
        {
            await Lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
