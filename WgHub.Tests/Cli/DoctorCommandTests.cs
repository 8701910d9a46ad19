using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary><c>wghub doctor</c> on data that something is wrong with. What is wrong with the machine, the Lab breaks.</summary>
public sealed class DoctorCommandTests : TimedHubTest
{
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("wghub-doctor-");

    public override async ValueTask DisposeAsync()
    {
        _elsewhere.Delete(recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Before_the_first_start_it_says_whether_the_machine_is_ready_and_makes_nothing()
    {
        var told = await Wghub.RunAsync(Path.Combine(_elsewhere.FullName, "none"), [], "", "doctor");

        Assert.InRange(told.ExitCode, 0, 1); // a machine for tests has nobody who keeps its clock
        Assert.StartsWith("ok    hub        There is no hub in ", told.Output, StringComparison.Ordinal);
        Assert.Contains("\nok    database   There is no database yet.", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told.Output);
        Assert.Empty(_elsewhere.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task What_is_missing_before_the_first_start_is_told_with_what_brings_it()
    {
        var told = await Wghub.RunAsync(_elsewhere.FullName, ["PATH=/nowhere"], "", "doctor");

        Assert.Equal(2, told.ExitCode);
        Assert.Contains("FAIL  programs   wg is not on this machine, so no tunnel will come up.\n", told.Output, StringComparison.Ordinal);
        Assert.Contains("→ Install it, on Debian: apt install wireguard-tools.\n", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_looked_at_for_its_end_and_its_names()
    {
        await NameCertificateAsync(TimeSpan.FromDays(90), "vpn.example.com");
        Assert.DoesNotContain(await CodesAsync(), code => code.StartsWith("CERTIFICATE", StringComparison.Ordinal));

        await NameCertificateAsync(TimeSpan.FromDays(7), "vpn.example.com");
        Assert.Contains("CERTIFICATE_EXPIRES", await CodesAsync());
        await NameCertificateAsync(TimeSpan.FromDays(-1), "vpn.example.com");
        Assert.Contains("CERTIFICATE_EXPIRED", await CodesAsync());
        await NameCertificateAsync(TimeSpan.FromDays(90), "other.example.com");
        Assert.Contains("CERTIFICATE_NAME", await CodesAsync());
        await File.WriteAllTextAsync(Path.Combine(_elsewhere.FullName, "tls.pem"), "nothing", Cancel);
        Assert.Contains("CERTIFICATE_UNUSABLE", await CodesAsync());
    }

    [Fact]
    public async Task An_old_backup_and_none_are_told_of_and_a_fresh_one_is_not()
    {
        Assert.Contains("BACKUP_OFF", await CodesAsync());
        await SettingsAsync(new() { ["Backup:Schedule"] = "30 3 * * *", ["Backup:Recipient"] = $"{BackupTest.Owner.Recipient}" });
        Assert.Contains("BACKUP_NONE", await CodesAsync());
        var file = Backup(TimeSpan.FromDays(3));
        Assert.Contains("BACKUP_LATE", await CodesAsync());
        File.Delete(file);
        Backup(TimeSpan.Zero);
        Assert.DoesNotContain(await CodesAsync(), code => code.StartsWith("BACKUP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_went_back_is_seen_by_what_the_log_knows()
    {
        Time.Set(TimeProvider.System.GetUtcNow());
        await Hub.SignInAsync(Web.Roles.Viewer);
        Assert.DoesNotContain("CLOCK_BEHIND", await CodesAsync());

        Time.Advance(TimeSpan.FromHours(1));
        await Hub.SignInAsync(Web.Roles.Viewer);

        Assert.Contains("CLOCK_BEHIND", await CodesAsync());
    }

    [Fact]
    public async Task A_database_that_is_newer_older_damaged_or_gone_is_no_crash()
    {
        await Hub.StopAsync();
        var known = await VersionAsync(null);
        Assert.DoesNotContain(await CodesAsync(), code => code.StartsWith("DATABASE", StringComparison.Ordinal));

        await VersionAsync(known + 1);
        Assert.Contains("DATABASE_NEWER", await CodesAsync());
        await VersionAsync(known - 1);
        Assert.Contains("DATABASE_OLDER", await CodesAsync());
        await VersionAsync(known);
        await File.WriteAllTextAsync(Hub.Data.MasterKeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancel);
        Assert.Contains("MASTER_KEY_WRONG", await CodesAsync());

        await using (var file = new FileStream(Hub.Data.DatabaseFile, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = 4096;
            file.Write(RandomNumberGenerator.GetBytes(64 * 1024));
        }

        Assert.Contains("DATABASE_DAMAGED", await CodesAsync());
        File.Move(Hub.Data.DatabaseFile, $"{Hub.Data.DatabaseFile}.away");
        Assert.Contains("DATABASE_MISSING", await CodesAsync());
    }

    [Fact]
    public async Task A_spoke_that_came_through_proves_the_port()
    {
        Assert.Contains("the first spoke will prove", (await RunAsync("doctor")).Output, StringComparison.Ordinal);
        var ((_, token, _), key) = (await Hub.TokenAsync(), await WgKey.NewAsync());
        var registered = await Hub.RegisterAsync(token, key.Public);
        Assert.Contains("PORT_SILENT", await CodesAsync());

        await using var spoke = await SpokeTunnel.OpenAsync(Hub, key, registered.Text("presharedKey")!);

        Assert.True(await Eventually.TrueAsync(async () => !(await CodesAsync()).Contains("PORT_SILENT"), TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task An_address_that_spokes_cannot_come_to_is_told_of()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "192.168.7.7" })).Expect(System.Net.HttpStatusCode.OK);
        Assert.Contains("ENDPOINT_PRIVATE", await CodesAsync());
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "no.such.name.invalid" })).Expect(System.Net.HttpStatusCode.OK);
        Assert.Contains("ENDPOINT_UNKNOWN", await CodesAsync());
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "203.0.113.7" })).Expect(System.Net.HttpStatusCode.OK);
        Assert.DoesNotContain(await CodesAsync(), code => code.StartsWith("ENDPOINT", StringComparison.Ordinal));

        Assert.Contains("PUBLIC_URL_UNSET", await CodesAsync());
        await SettingsAsync(new() { ["Web:PublicUrl"] = "http://203.0.113.7:8080" });
        Assert.DoesNotContain("PUBLIC_URL_UNSET", await CodesAsync());
    }

    /// <summary>A key that only the hub is given, such as a systemd credential: all else is looked at.</summary>
    [Fact]
    public async Task Without_the_master_key_it_says_what_it_cannot_look_at()
    {
        File.Move(Hub.Data.MasterKeyFile, Path.Combine(_elsewhere.FullName, "master.key"));

        var codes = await CodesAsync();

        Assert.Contains("MASTER_KEY_NOT_HERE", codes);
        Assert.Contains("PEERS_NOT_COMPARED", codes);
        Assert.DoesNotContain("CHECK_FAILED", codes);
        File.Move(Path.Combine(_elsewhere.FullName, "master.key"), Hub.Data.MasterKeyFile);
        Assert.DoesNotContain("PEERS_NOT_COMPARED", await CodesAsync());
    }

    [Fact]
    public async Task A_full_disk_is_a_failure()
    {
        await using var disk = await SmallDisk.MountAsync(64);
        Assert.DoesNotContain("DISK_FULL", (await Wghub.RunAsync(disk.Folder.FullName, [], "", "doctor", "--json")).Output, StringComparison.Ordinal);

        disk.Fill();

        Assert.Contains("DISK_FULL", (await Wghub.RunAsync(disk.Folder.FullName, [], "", "doctor", "--json")).Output, StringComparison.Ordinal);
        (await Shell.RunAsync(["mount", "-o", "remount,ro,nr_inodes=50", disk.Folder.FullName], Cancel)).OrThrow();
        var told = await Wghub.RunAsync(disk.Folder.FullName, [], "", "doctor", "--json");
        Assert.Contains("INODES_FEW", told.Output, StringComparison.Ordinal);
        Assert.Contains("DISK_READ_ONLY", told.Output, StringComparison.Ordinal);
    }

    private Task<ShellResult> RunAsync(params string[] command) => Wghub.RunAsync(Hub.Folder.FullName, [], "", command);

    private async Task<IReadOnlyList<string>> CodesAsync()
    {
        var told = await RunAsync("doctor", "--json");
        Assert.True(told.Output.StartsWith('{'), $"{told}");
        return [.. JsonElement.Parse(told.Output).GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)];
    }

    private async Task SettingsAsync(Dictionary<string, string> more)
    {
        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Hub.Data.SettingsFile, Cancel))!;
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        await File.WriteAllTextAsync(Hub.Data.SettingsFile, JsonSerializer.Serialize(settings), Cancel);
    }

    private async Task NameCertificateAsync(TimeSpan left, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(30), now + left);
        var (file, keyFile) = (Path.Combine(_elsewhere.FullName, "tls.pem"), Path.Combine(_elsewhere.FullName, "tls.key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), Cancel);
        await SettingsAsync(new() { ["Tls:CertificateFile"] = file, ["Tls:KeyFile"] = keyFile, ["Web:PublicUrl"] = "https://vpn.example.com" });
    }

    private string Backup(TimeSpan age)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Hub.Folder.FullName, "backups"));
        var file = Path.Combine(folder.FullName, $"wghub-{FileStamp.Of(TimeProvider.System.GetUtcNow() - age)}.age");
        File.WriteAllText(file, "");
        return file;
    }

    /// <returns>What it was.</returns>
    private async Task<long> VersionAsync(long? version)
    {
        await using var connection = Connections.Open(Hub.Data.DatabaseFile, SqliteOpenMode.ReadWrite);
        var found = connection.Count($"pragma user_version");
        if (version is not null)
        {
            connection.Execute($"{new SqlPart($"pragma user_version = {version}")}");
        }

        return found;
    }
}
