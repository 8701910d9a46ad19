using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WgHub.Features.Backup;
using WgHub.Features.Backup.Age;
using WgHub.Features.Hub;
using WgHub.Features.Tls;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>Each alarm begins for real, is told, ends for real, and that is told: none is left that was never seen.</summary>
public sealed class EachAlarmTests : TimedHubTest
{
    private readonly string _stranger = Wg.NewKey();
    private readonly DirectoryInfo _certificates = Directory.CreateTempSubdirectory("wghub-alarm-");

    private protected override TestHub Make()
    {
        Certify(TimeSpan.FromDays(90));
        return new()
        {
            Time = Time,
            Urls = ["https://127.0.0.1:0"],
            Settings =
            {
                ["WireGuard:DriftPolicy"] = "report",
                ["Backup:Schedule"] = "0 3 * * *",
                ["Backup:Recipient"] = $"{AgeX25519Identity.Make().Recipient}",
                ["Tls:CertificateFile"] = FileOf("pem"),
                ["Tls:KeyFile"] = FileOf("key"),
            },
        };
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.Get<AlarmLoop>().StopAsync(Cancel);
        await Hub.Get<BackupLoop>().StopAsync(Cancel); // it would make the one that is due
        await LookAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificates.Delete(recursive: true);
    }

    public static TheoryData<string> Alarms => [.. EventCatalogue.Alarms.Select(alarm => alarm.Name).Where(name => name != "disk.low")]; // AlarmTests

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task It_is_told_when_it_begins_and_when_it_ends(string alarm)
    {
        await LookAsync();
        Assert.DoesNotContain(alarm, Told());

        await BeginAsync(alarm);
        await LookAsync();
        Assert.Contains(alarm, Told());
        Assert.DoesNotContain(alarm + EventCatalogue.Ended, Told());

        await EndAsync(alarm);
        await LookAsync();
        Assert.Single(Told(), told => told == alarm);
        Assert.Single(Told(), told => told == alarm + EventCatalogue.Ended);
    }

    private async Task BeginAsync(string alarm)
    {
        switch (alarm)
        {
            case "backup.overdue":
                Time.Advance(TimeSpan.FromDays(2));
                break;
            case "certificate.expiring":
                Certify(TimeSpan.FromDays(1));
                await Hub.Get<CertificateLoop>().RunOnceAsync(Cancel);
                break;
            case "drift.open":
                await Wg.RunAsync($"wg set {Hub.Interface} peer {_stranger}");
                await Hub.ReconcileAsync();
                break;
            case "interface.failed":
                Hub.Get<HubState>().Failed(Time.GetUtcNow(), "wg said no");
                break;
            default:
                Assert.Fail($"Nobody has thought of {alarm}.");
                break;
        }
    }

    private async Task EndAsync(string alarm)
    {
        switch (alarm)
        {
            case "backup.overdue":
                var folder = Directory.CreateDirectory(Path.Combine(Hub.Folder.FullName, "backups"));
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"wghub-{FileStamp.Of(Time.GetUtcNow())}.age"), "", Cancel);
                break;
            case "certificate.expiring":
                Certify(TimeSpan.FromDays(91));
                await Hub.Get<CertificateLoop>().RunOnceAsync(Cancel);
                break;
            case "drift.open":
                await Wg.RunAsync($"wg set {Hub.Interface} peer {_stranger} remove");
                await Hub.ReconcileAsync();
                break;
            default:
                await Hub.ReconcileAsync();
                break;
        }
    }

    private string FileOf(string end) => Path.Combine(_certificates.FullName, $"tls.{end}");

    private void Certify(TimeSpan left)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = Time.GetUtcNow();
        using var made = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now - TimeSpan.FromDays(300), now + left);
        File.WriteAllText(FileOf("pem"), made.ExportCertificatePem());
        File.WriteAllText(FileOf("key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>It may be a moment only: three looks tell.</summary>
    private async Task LookAsync()
    {
        for (var look = 0; look < 3; look++)
        {
            await Hub.Get<AlarmLoop>().RunOnceAsync(Cancel);
        }
    }

    private List<string> Told() => [.. Hub.Database.Read(tx => HappeningStore.After(tx, 0, 100)).Select(one => one.One!.Event.Name)];
}
