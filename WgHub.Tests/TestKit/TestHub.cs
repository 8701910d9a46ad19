using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Hub;
using WgHub.Features.Tls;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.TestKit;

/// <summary>The whole app in this process, with a real interface, data directory, UDP port and network of its own.</summary>
public sealed class TestHub : IAsyncLifetime
{
    /// <summary>Somebody who signs in.</summary>
    internal static readonly Visitor Browser = new("127.0.0.1", "test");

    private static int _count;

    private readonly int _number = Interlocked.Increment(ref _count);
    private readonly List<ApiClient> _clients = [];
    private WebApplication? _app;

    /// <summary>False for a hub before its set-up.</summary>
    internal bool IsSetUp { get; init; } = true;

    /// <summary>Settings in the form <c>Section:Key</c>, over the tests' own.</summary>
    internal Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>False: no setting names the interface at the next start.</summary>
    internal bool IsInterfaceNamed { get; set; } = true;

    /// <summary>Where it listens; with https, the clients take it.</summary>
    internal string[] Urls { get; init; } = ["http://127.0.0.1:0"];

    internal bool IsInsecureHttpAllowed { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal DirectoryInfo Folder { get => field ??= Directory.CreateTempSubdirectory("wghub-test-"); init; }

    internal string Interface => $"wgt{_number}";

    internal int Port => 30000 + _number;

    /// <summary>Of 1,021 spokes; there is room up to a /20 before the next hub's.</summary>
    internal string Network => $"{Address(0)}/22";

    internal string Network6 => string.Create(CultureInfo.InvariantCulture, $"fd00:{_number:x}::/64");

    internal DataDirectory Data => new(Folder.FullName);

    internal string ConfFile => Path.Combine(Folder.FullName, "conf", $"{Interface}.conf");

    internal string Url { get; private set; } = "";

    internal ApiClient Nobody { get; private set; } = null!;

    internal ApiClient Viewer { get; private set; } = null!;

    internal ApiClient Operator { get; private set; } = null!;

    internal ApiClient Admin { get; private set; } = null!;

    internal Database Database => Get<Database>();

    /// <summary>The address with this number in the hub's network.</summary>
    internal string Address(int host) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{_number >> 4}.{((_number & 15) << 4) + (host >> 8)}.{host & 255}");

    /// <summary>What sets this hub up.</summary>
    internal Dictionary<string, object> SetUp => new() { ["networkCIDR"] = Network, ["listenPort"] = Port, ["publicEndpoint"] = "vpn.example.com" };

    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    internal IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        if (IsSetUp)
        {
            (await Admin.PostAsync("/api/hub/initialize", SetUp)).Expect(System.Net.HttpStatusCode.Created);
        }
    }

    /// <summary>Where it listens, of the addresses that begin so, such as <c>http:</c>; null when there is none.</summary>
    internal string? UrlOf(string start) =>
        ControlSocket.OfNetwork(_app!.Urls).FirstOrDefault(url => url.StartsWith(start, StringComparison.Ordinal))
            ?.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    /// <summary>Starts the app again on the same data.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops the app as SIGTERM does; nothing happens when it is down.</summary>
    internal async Task StopAsync()
    {
        if (_app is null)
        {
            return;
        }

        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Compares the interface with the database now.</summary>
    internal Task ReconcileAsync() => Get<Reconciler>().RunOnceAsync(Cancel);

    /// <summary>A caller with a new API token of that role.</summary>
    internal async Task<ApiClient> SignInAsync(string role) =>
        Client((await Get<ApiTokenService>().CreateAsync($"test {role}", role, null, Actor.Cli, Cancel)).Reveal());

    internal ApiClient Client(string? token, string? cookies = null, string? from = null)
    {
        var client = new ApiClient(Url, token, cookies, from, Get<Certificates>().Current?.Leaf);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Shell.RunAsync(["ip", "link", "delete", Interface], CancellationToken.None);
        await Shell.RunAsync(["nft", "delete", "table", "inet", $"wghub_{Interface}"], CancellationToken.None);
        foreach (var (family, network) in ((string, string)[])[("-4", Network), ("-6", Network6)])
        {
            await Shell.RunAsync(["ip", family, "rule", "delete", "priority", "5180", "iif", Interface], CancellationToken.None);
            await Shell.RunAsync(["ip", family, "rule", "delete", "priority", "5182", "to", network], CancellationToken.None);
        }

        Folder.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        Dictionary<string, string> settings = new()
        {
            ["WireGuard:Interface"] = Interface,
            ["WireGuard:ConfigDirectory"] = Path.Combine(Folder.FullName, "conf"),
            ["WireGuard:SampleSeconds"] = "3600",
            ["WireGuard:ReconcileSeconds"] = "30",
            ["Limits:TokensPerHourPerIp"] = "0",
            ["Limits:RegistrationsPerMinutePerIp"] = "0",
            ["Limits:ScriptsPerMinutePerIp"] = "0",
            ["Limits:SignInsPerMinutePerIp"] = "0",
            ["Limits:SetupsPerMinutePerIp"] = "0",
            ["Limits:ProviderSignInsPerTenMinutesPerIp"] = "0",
        };
        if (!IsInterfaceNamed)
        {
            settings.Remove("WireGuard:Interface");
        }

        foreach (var (name, value) in Settings)
        {
            settings[name] = value;
        }

        await File.WriteAllTextAsync(Data.SettingsFile, JsonSerializer.Serialize(settings), Cancel);
        _app = WgHubApp.Build(new(Data, Data.SettingsFile, Urls) { Time = Time, LogLevel = LogLevel.Critical, IsInsecureHttpAllowed = IsInsecureHttpAllowed });
        await _app.StartAsync(Cancel);
        Url = (UrlOf("https:") ?? UrlOf("http:")!).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        Nobody = Client(null);
        Viewer = await SignInAsync(Roles.Viewer);
        Operator = await SignInAsync(Roles.Operator);
        Admin = await SignInAsync(Roles.Admin);
    }
}
