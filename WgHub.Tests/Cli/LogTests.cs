using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>What a collector of logs is told.</summary>
public sealed partial class LogTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Wghub _wghub = new();

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task Each_change_is_an_event_of_one_json_line()
    {
        var secret = (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();
        await using var hub = await RunningHub.StartAsync(_wghub, "wglog", ("WGHUB_Log__Format", "json"));
        using var admin = new ApiClient(hub.Address, secret);
        (await admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.98.0.0/24", listenPort = 29997, publicEndpoint = "vpn.example.com" }))
            .Expect(HttpStatusCode.Created);
        var token = (await admin.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Created).Text("token", "token")!;
        var key = Wg.NewKey();
        var spoke = (await admin.PostAsync("/api/spoke/register", new { token, publicKey = key, os = "linux" })).Expect(HttpStatusCode.Created);

        JsonElement? told = null;
        Assert.True(await Eventually.TrueAsync(() => (told = Find(hub.Log, "spoke_registered")) is not null, Limit, Cancel), hub.Log);

        var line = told!.Value;
        Assert.Equal(
            ("INFO", spoke.Text("spoke", "id"), "linux", $"{key[..16]}...", "spoke:oslo"),
            (line.GetProperty("level").GetString(), line.GetProperty("spokeId").GetString(), line.GetProperty("os").GetString(),
                line.GetProperty("publicKey").GetString(), line.GetProperty("actor").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("timestamp").GetString());
        Assert.Matches("^[0-9]+:[0-9a-f]{64}$", line.GetProperty("audit").GetString());
        Assert.NotNull(Find(hub.Log, "token_created"));
        Assert.NotNull(Find(hub.Log, "hub_initialized"));
        Assert.DoesNotContain(key, hub.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task A_file_keeps_what_the_console_tells_but_for_the_set_up_code(string format)
    {
        await using var hub = await RunningHub.StartAsync(_wghub, "wglog", ("WGHUB_Log__Format", format), ("WGHUB_Log__File", "logs/hub.log"));
        await HangUpAsync(hub.Address);
        await hub.StopAsync();

        var file = Assert.Single(_wghub.Data.CreateSubdirectory("logs").GetFiles());
        var kept = await File.ReadAllLinesAsync(file.FullName, Cancel);
        var told = hub.Log.Split('\n')[..^1];
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.Contains(told, line => line.Contains($"Open {hub.Address}/setup#", StringComparison.Ordinal));
        Assert.Equal(told.Where(line => !line.Contains("/setup", StringComparison.Ordinal)).Select(WithoutTime), kept[1..].Select(WithoutTime));
    }

    [Fact]
    public async Task The_first_start_tells_the_address_with_the_path_that_the_hub_is_below()
    {
        await using var hub = await RunningHub.StartAsync(_wghub, "wglog", ("WGHUB_Web__PublicUrl", "https://example.com/tools/wghub/"));

        bool IsTold() => hub.Log.Contains("Open https://example.com/tools/wghub/setup#", StringComparison.Ordinal);
        Assert.True(await Eventually.TrueAsync(IsTold, Limit, Cancel), hub.Log);
    }

    [Fact]
    public async Task The_first_start_with_a_certificate_of_its_own_tells_what_the_browser_will_show()
    {
        await using var hub = await RunningHub.StartAsync(_wghub, "wglog", ("WGHUB_URLS", "https://127.0.0.1:0"));

        bool IsTold() => hub.Log.Contains("the certificate is the hub's own", StringComparison.Ordinal);
        Assert.True(await Eventually.TrueAsync(IsTold, Limit, Cancel), hub.Log);
        Assert.Contains($"Open {hub.Address}/setup#", hub.Log, StringComparison.Ordinal);
        var fingerprint = (await _wghub.RunAsync("fingerprint")).OrThrow();
        var told = Assert.Single(hub.Log.Split('\n'), line => line.Contains("the certificate is the hub's own", StringComparison.Ordinal));
        Assert.Contains(told.Split("Its SHA-256 is ")[1].Split(';')[0], fingerprint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_once_and_the_hub_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        var secret = (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();
        await using var hub =
            await RunningHub.StartAsync(
                _wghub, "wglog", ("WGHUB_Log__File", Path.Combine(disk.Folder.FullName, "hub.log")), ("WGHUB_Limits__TokensPerHourPerIp", "0"));
        using var admin = new ApiClient(hub.Address, secret);
        disk.Fill();
        (await admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.98.0.0/24", listenPort = 29997, publicEndpoint = "vpn.example.com" }))
            .Expect(HttpStatusCode.Created);
        for (var i = 0; i < 40; i++)
        {
            (await admin.PostAsync("/api/installation/token", new { spokeName = $"oslo-{i}" })).Expect(HttpStatusCode.Created);
        }

        Assert.True(
            await Eventually.TrueAsync(
                () => hub.Log.Contains("cannot be written, events are told here alone: ", StringComparison.Ordinal), Limit, Cancel), hub.Log);
        disk.Free();
        (await admin.PostAsync("/api/installation/token", new { spokeName = "turin" })).Expect(HttpStatusCode.Created);

        Assert.True(await Eventually.TrueAsync(() => hub.Log.Contains("is written again; ", StringComparison.Ordinal), Limit, Cancel), hub.Log);
        Assert.Single(hub.Log.Split('\n'), line => line.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Format", "xml")]
    [InlineData("Level", "loud")]
    [InlineData("RetainedFiles", "0")]
    [InlineData("RetainedFiles", "few")]
    [InlineData("File", "/proc/wghub/hub.log")]
    [InlineData("File", "/dev/null/hub.log")]
    public async Task A_setting_that_is_none_stops_the_start_with_one_line(string name, string value)
    {
        var told = await _wghub.RunWithAsync([$"WGHUB_Log__{name}={value}"], "serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(64, told.ExitCode);
        Assert.Matches(@"\Awghub: [^\n]+\n\z", told.Error);
        Assert.Contains(name, told.Error, StringComparison.Ordinal);
    }

    /// <summary>Calls an address that holds a token, and a page that is none.</summary>
    private static async Task HangUpAsync(string address)
    {
        using var nobody = new ApiClient(address, null);
        await nobody.GetAsync($"/i/{new string('T', 43)}");
    }

    private static string WithoutTime(string line) => Time().Replace(line, "");

    /// <summary>The first line with this event; every line of the log is JSON.</summary>
    private static JsonElement? Find(string log, string name) =>
        log.Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("event", out var value) && value.GetString() == name)
            .Select(line => (JsonElement?)line).FirstOrDefault();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")]
    private static partial Regex Time();
}
