using System.Net;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>Somebody takes the database away under a running hub.</summary>
public sealed class LostDatabaseTests
{
    [Fact]
    public async Task It_is_told_everywhere_and_nothing_is_acknowledged_any_more()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var spoke = await hub.EnrolAsync();
        var viewer = await hub.PersonAsync(Roles.Viewer);
        File.Delete(hub.Data.DatabaseFile);

        var refused = await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() });

        refused.Expect(HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED");
        Assert.Contains("was moved, replaced or removed while the hub ran", refused.Text("error"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)503, (await hub.Nobody.GetAsync("/readyz")).Status);
        (await hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        (await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);
        Assert.Contains("The hub has lost its database.", (await viewer.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains(DatabaseRescue.Newest(hub.Data)!, refused.Text("error"), StringComparison.Ordinal);
    }

    /// <summary>Also when nobody changes anything.</summary>
    [Fact]
    public async Task The_watch_sees_it_by_itself()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var moved = hub.Data.DatabaseFile + ".moved";
        File.Move(hub.Data.DatabaseFile, moved);

        await hub.Get<DatabaseWatch>().RunOnceAsync(Cancel);

        Assert.Equal((HttpStatusCode)503, (await hub.Nobody.GetAsync("/readyz")).Status);
        Assert.NotNull(DatabaseRescue.Newest(hub.Data));
    }
}
