using System.Text.RegularExpressions;
using WgHub.Features.Tls;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary><c>wghub fingerprint</c>: what somebody compares before he trusts the hub.</summary>
public sealed partial class FingerprintTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Wghub _wghub = new();

    private string LogFile => Path.Combine(_wghub.Data.FullName, "hub.log");

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task It_is_known_before_the_first_start_and_stays()
    {
        var before = (await _wghub.RunAsync("fingerprint")).OrThrow();
        Assert.Matches(Shape(), before);

        using var hub = Start([]);
        var url = await UrlAsync();
        await using var client = await TlsClient.ConnectAsync(url);
        var during = (await _wghub.RunAsync("fingerprint")).OrThrow();
        hub.Kill();

        Assert.Equal(before, during);
        Assert.Contains(
            client.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
            during.Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_that_of_the_files_and_a_hang_up_takes_new_ones_at_once()
    {
        using var authority = new TestAuthority();
        authority.Place(authority.Issue());
        var settings =
            authority.Settings.ToDictionary(setting => $"WGHUB_{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting => setting.Value);
        using var hub = Start(settings);
        var url = await UrlAsync();
        var before = await TlsClient.SerialAsync(url);

        authority.Place(authority.Issue());
        (await Shell.RunAsync(["kill", "-s", "HUP", $"{hub.Id}"], Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(async () => await TlsClient.SerialAsync(url) != before, Limit, Cancel));

        await using var client = await TlsClient.ConnectAsync(url);
        var told = (await _wghub.RunWithAsync([.. settings.Select(setting => $"{setting.Key}={setting.Value}")], "fingerprint")).OrThrow();
        hub.Kill();
        Assert.Contains(
            client.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
            told.Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_with_files_that_are_no_pair_names_the_setting()
    {
        using var authority = new TestAuthority();
        authority.Place((authority.Issue().Chain, authority.Issue().Key));

        var result = await _wghub.RunWithAsync(
            [$"WGHUB_Tls__CertificateFile={authority.CertificateFile}", $"WGHUB_Tls__KeyFile={authority.KeyFile}"], "serve", "--urls", "https://127.0.0.1:0");

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("wghub: Tls:CertificateFile", result.Error, StringComparison.Ordinal);
    }

    private ShellProcess Start(Dictionary<string, string> settings) => ShellProcess.Start(
        [Path.Combine(AppContext.BaseDirectory, "wghub"), "serve", "--urls", "https://127.0.0.1:0", "--data", _wghub.Data.FullName], LogFile, settings);

    private async Task<string> UrlAsync()
    {
        Match? listening = null;
        Assert.True(
            await Eventually.TrueAsync(() => (listening = Listening().Match(File.Exists(LogFile) ? File.ReadAllText(LogFile) : "")).Success, Limit, Cancel));
        return listening!.Groups["address"].Value;
    }

    [GeneratedRegex(@"\Asha256//[A-Za-z0-9+/]{43}=\nSHA-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}\n\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"listening on: (?<address>https://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
