using System.Text;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A machine that the published file has made itself a service of.</summary>
internal sealed partial class InstalledHub(LabNet lab, LabSpoke machine)
{
    public const string File = "/root/wghub";
    public const string Install = $"{File} install";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Only what publish.sh makes can be installed.</summary>
    public static bool IsPublished => !System.IO.File.Exists(Path.ChangeExtension(LabHub.Binary, "dll"));

    public LabSpoke Machine => machine;

    /// <summary>A line that has to go well.</summary>
    public async Task<string> DoAsync(string line) => (await machine.PasteAsync(line, Cancel)).OrThrow();

    /// <summary>The API by a new token of an administrator, when the hub is ready.</summary>
    public async Task<LabApi> OpenAsync()
    {
        await IsReadyAsync();
        var certificate = await CertificateAsync();
        var token = (await DoAsync("wghub api-token create --name lab --role admin")).Trim();
        return new(lab.CreateClient(new($"https://{machine.Address}"), token, certificate));
    }

    /// <summary>Ready or not, to whoever asks from elsewhere.</summary>
    public async Task<HttpClient> VisitorAsync() => lab.CreateClient(new($"https://{machine.Address}"), null, await CertificateAsync());

    public async Task IsReadyAsync() => Assert.True(
        await Eventually.TrueAsync(
            async () => (await machine.RunAsync(["curl", "-fsSk", "https://127.0.0.1/readyz"], Cancel)).ExitCode == 0, Limit, Cancel),
        (await machine.RunAsync(["journalctl", "-q", "-u", "wghub", "-u", "wghub-upgrade"], Cancel)).Output);

    public async Task<string> PidAsync() => (await machine.RunAsync(["systemctl", "show", "-P", "MainPID", "wghub"], Cancel)).OrThrow().Trim();

    /// <summary>
    /// The published file with another version in its own words: as many bytes in the place of as many, in what <c>wghub version</c> reads. A
    /// second build would be the same, and takes minutes.
    /// </summary>
    public static async Task<string> WithVersionAsync(string version, DirectoryInfo folder)
    {
        var bytes = await System.IO.File.ReadAllBytesAsync(LabHub.Binary, Cancel);
        var told = BuiltVersion().Match((await Shell.RunAsync([LabHub.Binary, "version"], Cancel)).OrThrow());
        var (built, commit) = (told.Groups[1].Value, told.Groups[2].Value);
        var place = Encoding.Latin1.GetString(bytes).IndexOf($"{built}+{commit}", StringComparison.Ordinal);
        Assert.True(place > 0 && version.Length == built.Length, $"{built}+{commit} stands nowhere in the file, or is not as long as {version}.");
        Encoding.Latin1.GetBytes(version).CopyTo(bytes, place);
        var file = Path.Combine(folder.FullName, $"wghub-{version}");
        await System.IO.File.WriteAllBytesAsync(file, bytes, Cancel);
        System.IO.File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        return file;
    }

    private async Task<string> CertificateAsync() =>
        Fingerprint().Match(await DoAsync("wghub fingerprint")).Value.Replace(":", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\Awghub (\S+) \(([0-9a-f]+)\)")]
    private static partial Regex BuiltVersion();

    [GeneratedRegex("[0-9A-F]{2}(:[0-9A-F]{2}){31}|[0-9A-F]{64}")]
    private static partial Regex Fingerprint();
}
