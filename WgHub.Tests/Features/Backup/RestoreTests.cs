using System.Net;
using WgHub.Features.Backup.Age;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Backup;

/// <summary>A backup put in the place of a hub, on a real interface.</summary>
public sealed class RestoreTests : HubTest
{
    private static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    private readonly WgProgram _wg = new(Directory.CreateTempSubdirectory("wghub-wg-"));

    private string File => Path.Combine(Hub.Folder.FullName, "hub.age");

    [Fact]
    public async Task Peers_that_it_does_not_know_leave_the_interface_at_once_and_are_named_however_many_they_are()
    {
        var kept = await Hub.EnrolAsync("kept");
        BackUp();
        var later = new List<Enrolled>();
        foreach (var name in (string[])["one", "two", "three", "four"])
        {
            later.Add(await Hub.EnrolAsync(name));
        }

        (await Hub.Admin.DeleteAsync($"/api/spoke/{kept.Id}")).Expect(HttpStatusCode.OK);
        await Hub.StopAsync();
        Assert.Equal(4, (await Wg.PeersAsync(Hub.Interface)).Count);

        var done = await RestoreAsync();
        await Hub.RestartAsync();

        Assert.Equal(["four", "one", "three", "two"], done.CutOff);
        Assert.True(await Eventually.TrueAsync(
            async () => (await Wg.PeersAsync(Hub.Interface)).Keys.SequenceEqual([kept.Key]), TimeSpan.FromSeconds(10), Cancel));
        var told = (await Hub.Viewer.GetAsync("/api/audit?event=drift.mended")).At("entries")[0].GetRawText();
        Assert.All(later, spoke => Assert.Contains(spoke.Key, told, StringComparison.Ordinal));
        Assert.Contains("four one three two", (await Hub.Viewer.GetAsync("/api/audit?event=backup.restored")).Body, StringComparison.Ordinal);
        (await Hub.RegisterAsync(kept.Token, kept.Key)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task From_the_next_pass_on_many_unknown_peers_are_an_accident_again()
    {
        await Hub.EnrolAsync("kept");
        BackUp();
        await Hub.StopAsync();
        await RestoreAsync();
        await Hub.RestartAsync();
        Assert.True(await Eventually.TrueAsync(() => !Hub.Database.Read(RestoreMark.IsSet), TimeSpan.FromSeconds(10), Cancel));

        foreach (var _ in Enumerable.Range(0, 4))
        {
            (await Shell.RunAsync(["wg", "set", Hub.Interface, "peer", Wg.NewKey()], Cancel)).OrThrow();
        }

        await Hub.ReconcileAsync();
        Assert.Equal(5, (await Wg.PeersAsync(Hub.Interface)).Count);
    }

    [Fact]
    public async Task A_first_pass_that_failed_leaves_no_door_open()
    {
        await Hub.EnrolAsync("kept");
        BackUp();
        await Hub.EnrolAsync("later");
        await Hub.StopAsync();
        await RestoreAsync();
        _wg.Fail();
        Hub.Settings["WireGuard:WgCommand"] = _wg.Path;
        await Hub.RestartAsync();
        Assert.True(await Eventually.TrueAsync(() => Hub.Get<Hub.HubState>().Failure is not null, TimeSpan.FromSeconds(10), Cancel));
        Assert.True(Hub.Database.Read(RestoreMark.IsSet));

        _wg.Work();
        await Hub.ReconcileAsync();

        Assert.False(Hub.Database.Read(RestoreMark.IsSet));
        Assert.Single(await Wg.PeersAsync(Hub.Interface));
    }

    [Fact]
    public async Task What_two_restores_within_a_second_have_put_aside_is_all_there()
    {
        BackUp();
        await Hub.StopAsync();
        var time = new ManualTime();

        await RestoreAsync(time);
        await RestoreAsync(time);

        Assert.Equal(2, Hub.Folder.GetDirectories("before-restore-*").Count(folder => System.IO.File.Exists(Path.Combine(folder.FullName, "wghub.db"))));
    }

    [Fact]
    public async Task Nobody_is_signed_in_any_more_and_the_audit_log_goes_on()
    {
        var person = await Hub.PersonAsync("admin");
        (await person.GetAsync("/settings")).Expect(HttpStatusCode.OK);
        BackUp();
        await Hub.StopAsync();
        await RestoreAsync();
        await Hub.RestartAsync();

        Assert.Equal(0, Hub.Database.Read(tx => tx.Count($"select count(*) from sessions")));
        Assert.Null(Hub.Database.Read(tx => Audit.AuditChain.Verify(tx, null)).Fault);
    }

    /// <summary>What was decided is brought to its end by whoever comes first, wherever it was cut short.</summary>
    [Theory]
    [InlineData("decided")]
    [InlineData("half put aside")]
    [InlineData("all put aside")]
    [InlineData("half moved")]
    [InlineData("all moved")]
    public async Task Cut_short_after_it_was_decided_it_is_the_new_one(string where)
    {
        var before = Hub.Database.InstallationId;
        await Hub.EnrolAsync("kept");
        BackUp();
        await Hub.EnrolAsync("later");
        await Hub.StopAsync();
        var draft = DataSwap.Begin(Hub.Data);
        await using (var from = System.IO.File.OpenRead(File))
        {
            await BackupReader.ReadAsync(from, Owner, draft, TimeProvider.System, null, Cancel);
        }

        DataSwap.Decide(Hub.Data, draft, TimeProvider.System);
        var ready = Hub.Folder.GetDirectories("restore-ready-*").Single();
        var stamp = ready.Name["restore-ready-".Length..];
        var former = Path.Combine(Hub.Folder.FullName, $"before-restore-{stamp}");
        var moving = Path.Combine(Hub.Folder.FullName, $"restore-moving-{stamp}");
        if (where != "decided")
        {
            Directory.CreateDirectory(former);
            System.IO.File.Move(Hub.Data.DatabaseFile, Path.Combine(former, "wghub.db"));
        }

        if (where is "all put aside" or "half moved" or "all moved")
        {
            System.IO.File.Move(Hub.Data.MasterKeyFile, Path.Combine(former, "master.key"));
            ready.MoveTo(moving);
        }

        if (where is "half moved" or "all moved")
        {
            System.IO.File.Move(Path.Combine(moving, "wghub.db"), Hub.Data.DatabaseFile);
        }

        if (where is "all moved")
        {
            System.IO.File.Move(Path.Combine(moving, "master.key"), Hub.Data.MasterKeyFile);
        }

        await Hub.RestartAsync();

        Assert.Equal(before, Hub.Database.InstallationId);
        Assert.Equal(1, Hub.Database.Read(SpokeStore.CountAll));
        Assert.Empty(Hub.Folder.GetDirectories("restore-*"));
        Assert.True(System.IO.File.Exists(Path.Combine(former, "wghub.db")));
    }

    private void BackUp() => Hub.Get<BackupMaker>().MakeFile(File, [Owner.Recipient], Hub.Data.SettingsFile, Cancel);

    private async Task<Restored> RestoreAsync(TimeProvider? time = null)
    {
        await using var from = System.IO.File.OpenRead(File);
        return await Restore.RunAsync(from, Owner, Hub.Data, time ?? TimeProvider.System, _ => true, Cancel);
    }
}
