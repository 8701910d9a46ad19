using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>What a collector of logs is told.</summary>
public sealed class LogTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Wghub _wghub = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task Each_change_is_an_event_of_one_json_line()
    {
        var secret = (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();
        await using var hub = await RunningHub.StartAsync(_wghub, "wglog", ("WGHUB_Log__Format", "json"));
        using var admin = new ApiClient(hub.Address, secret);
        (await admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.98.0.0/24", listenPort = 29997, publicEndpoint = "vpn.example.com" })).Expect(HttpStatusCode.Created);
        var token = (await admin.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Created).Text("token", "token")!;
        var key = Wg.NewKey();
        var spoke = (await admin.PostAsync("/api/spoke/register", new { token, publicKey = key, os = "linux" })).Expect(HttpStatusCode.Created);

        JsonElement? told = null;
        Assert.True(await Eventually.TrueAsync(() => (told = Find(hub.Log, "spoke_registered")) is not null, Limit, Cancel), hub.Log);

        var line = told!.Value;
        Assert.Equal(
            ("INFO", spoke.Text("spoke", "id"), "linux", $"{key[..16]}...", "spoke:oslo"),
            (line.GetProperty("level").GetString(), line.GetProperty("spokeId").GetString(), line.GetProperty("os").GetString(), line.GetProperty("publicKey").GetString(), line.GetProperty("actor").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("timestamp").GetString());
        Assert.Matches("^[0-9]+:[0-9a-f]{64}$", line.GetProperty("audit").GetString());
        Assert.NotNull(Find(hub.Log, "token_created"));
        Assert.NotNull(Find(hub.Log, "hub_initialized"));
        Assert.DoesNotContain(key, hub.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_format_stops_the_start_with_one_line()
    {
        var told = await _wghub.RunWithAsync(["WGHUB_Log__Format=xml"], "serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(64, told.ExitCode);
        Assert.Contains("Format", told.Error, StringComparison.Ordinal);
    }

    /// <summary>The first line with this event; every line of the log is JSON.</summary>
    private static JsonElement? Find(string log, string name) =>
        log.Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("event", out var value) && value.GetString() == name)
            .Select(line => (JsonElement?)line).FirstOrDefault();
}
