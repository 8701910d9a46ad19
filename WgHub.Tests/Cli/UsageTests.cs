using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>What is wrong on the command line or in the settings ends at once: exit 64, and one line that names it.</summary>
public sealed class UsageTests : IDisposable
{
    private static readonly string[] Serve = ["serve", "--urls", "http://127.0.0.1:0"];

    private readonly Wghub _wghub = new();

    public void Dispose() => _wghub.Dispose();

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("serve --nonsense", "--nonsense")]
    [InlineData("serve --config /nowhere.json", "--config /nowhere.json")]
    [InlineData("serve --urls http://0.0.0.0:1", "--urls http://0.0.0.0:1")]
    [InlineData("serve --urls http://127.0.0.1:1;http://example.com", "--urls http://example.com")]
    [InlineData("serve --urls ftp://127.0.0.1:1", "--urls ftp://127.0.0.1:1")]
    [InlineData("serve --urls https://127.0.0.1:1/hub", "--urls https://127.0.0.1:1/hub")]
    [InlineData("serve --urls nonsense", "--urls nonsense")]
    [InlineData("serve --urls ;", "--urls")]
    [InlineData("api-token create --name x", "--role")]
    [InlineData("api-token create --name x --role king", "role")]
    [InlineData("api-token create --name x;y --role admin", "name")]
    [InlineData("api-token create --name x --role admin --expires soon", "expires")]
    [InlineData("api-token create --name x --role admin --expires 0d", "expires")]
    [InlineData("user add a/b --role admin", "name")]
    [InlineData("user add anna --role king", "password")]       // none was typed
    [InlineData("backup", "backup")]                            // comes later
    public async Task A_command_line_that_is_wrong(string command, string named) => Names(named, await _wghub.RunAsync(command.Split(' ')));

    [Theory]
    [InlineData("WireGuard", "Nonsense", "1")]
    [InlineData("Nonsense", "Interface", "wg0")]
    [InlineData("WireGuard", "Interface", "sixteen-letters-")]
    [InlineData("WireGuard", "Interface", "../wg0")]
    [InlineData("WireGuard", "Interface", "")]
    [InlineData("WireGuard", "ConfigDirectory", "wireguard")]
    [InlineData("WireGuard", "Userspace", "sometimes")]
    [InlineData("WireGuard", "DriftPolicy", "ignore")]
    [InlineData("WireGuard", "SampleSeconds", "0")]
    [InlineData("WireGuard", "SampleSeconds", "3601")]
    [InlineData("WireGuard", "SampleSeconds", "two")]
    [InlineData("WireGuard", "ReconcileSeconds", "31")]
    [InlineData("WireGuard", "TimeoutSeconds", "-1")]
    [InlineData("WireGuard", "WriteConfig", "perhaps")]
    [InlineData("Limits", "TokensPerHourPerIp", "-1")]
    [InlineData("Limits", "SignInsPerMinutePerIp", "99999999999")]
    [InlineData("Limits", "SetupsPerMinutePerIp", "-1")]
    [InlineData("Web", "PublicUrl", "javascript:alert(1)")]
    [InlineData("Web", "PublicUrl", "https://example.com:99999")]
    [InlineData("Web", "PublicUrl", "https://example.com/wghub?x=1")]
    [InlineData("Web", "PublicUrl", "https://example.com/a//b")]
    [InlineData("Web", "PublicUrl", "https://example.com/a/../b")]
    [InlineData("Web", "PublicUrl", "https://example.com/w%67hub")]
    [InlineData("Web", "PublicUrl", "https://example.com/wg hub")]
    [InlineData("Web", "PublicUrl", "https://example.com/api")]     // the hub's own
    [InlineData("Windows", "MsiX64Url", "ftp://example.com/wireguard.msi")]
    [InlineData("Windows", "MsiArm64Sha256", "12")]
    [InlineData("Web", "TrustedProxies", "proxy.example.com")]
    [InlineData("Web", "TrustedProxies", "10.0.0.1,10.0.0.0/33")]
    [InlineData("Web", "TrustedProxies", "0.0.0.0/0")]
    [InlineData("Web", "TrustedProxies", "::/0")]
    [InlineData("Web", "AllowedHosts", "*")]
    [InlineData("Web", "AllowedHosts", "hub.example.com:8080")]
    [InlineData("Web", "CorsOrigins", "*")]
    [InlineData("Web", "CorsOrigins", "null")]
    [InlineData("Web", "CorsOrigins", "https://a.example/")]
    [InlineData("Tls", "KeyFile", "/nowhere.pem")]
    [InlineData("Tls", "Names", "vpn.example.com")]
    public async Task A_setting_that_is_unknown_or_out_of_range(string section, string key, string value) =>
        Names(key, await _wghub.RunWithAsync([$"WGHUB_{section}__{key}={value}"], Serve));

    [Theory]
    [InlineData("""{"WireGuard": {"Nonsense": 1}}""", "WireGuard:Nonsense")]
    [InlineData("""{"WireGuard": {"SampleSeconds": 0}}""", "SampleSeconds")]
    [InlineData("""{"Limits": {"TokensPerHourPerIp": "many"}}""", "Limits:TokensPerHourPerIp")]
    [InlineData("{", "wghub.json")]
    [InlineData("[1]", "wghub.json")]
    [InlineData("", "wghub.json")]
    public async Task A_settings_file_that_is_wrong(string text, string named)
    {
        await File.WriteAllTextAsync(Path.Combine(_wghub.Data.FullName, "wghub.json"), text, TestContext.Current.CancellationToken);

        Names(named, await _wghub.RunAsync(Serve));
    }

    private static void Names(string named, ShellResult result)
    {
        Assert.Equal(64, result.ExitCode);
        Assert.Matches(@"\Awghub: [^\n]+\n\z", result.Error);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("regular expression", result.Error, StringComparison.OrdinalIgnoreCase); // it says what to write, to a person
        Assert.Equal("", result.Output);
    }
}
