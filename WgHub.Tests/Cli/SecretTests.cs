using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>The real binary is walked through all that has to do with secrets; afterwards everything that it wrote and said is searched for them.</summary>
public sealed partial class SecretTests : IAsyncLifetime
{
    private const string Interface = "wgsecret";
    private const string Password = "planted-password-4711";
    private const string WrongPassword = "planted-wrong-password";
    private const string ClientSecret = "planted-client-secret";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Wghub _wghub = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-secrets-");
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly Dictionary<string, string> _secrets = [];
    private readonly List<string> _said = [];
    private readonly WgProgram _wg;
    private ShellProcess? _hub;

    public SecretTests() => _wg = new(_folder);

    private string LogFile => Path.Combine(_folder.FullName, "log");

    private string ConfFile => Path.Combine(_folder.FullName, "conf", $"{Interface}.conf");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_hub is { HasExited: false })
        {
            _hub.Kill();
            await _hub.WaitForExitAsync(Limit, CancellationToken.None);
        }

        _hub?.Dispose();
        await Shell.RunAsync(["ip", "link", "delete", Interface], CancellationToken.None);
        _wghub.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_secret_is_where_it_does_not_belong()
    {
        _secrets["master key"] = _masterKey;
        _secrets["set-up code"] = (await CommandAsync("", "setup-code")).OrThrow().Trim();
        _secrets["API token"] = (await CommandAsync("", "api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();
        (await CommandAsync(Password + "\n", "user", "add", "anna", "--role", "admin")).OrThrow();
        _secrets["password"] = Password;
        _secrets["wrong password"] = WrongPassword;
        _secrets["client secret"] = ClientSecret;
        await PlantClientSecretAsync();

        var address = await StartAsync();
        using (var admin = new ApiClient(address, _secrets["API token"]))
        using (var nobody = new ApiClient(address, null))
        {
            await WalkAsync(admin, nobody);
        }

        _secrets["private key of the hub"] = (await Wg.RunAsync($"wg show {Interface} private-key")).Trim();
        var conf = await File.ReadAllTextAsync(ConfFile, Cancel);
        Assert.All(
            ["private key of the hub", "preshared key"],
            name => Assert.Contains(_secrets[name], conf, StringComparison.Ordinal)); // a copy for boot without us: it must
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(ConfFile));

        Assert.All(_secrets.Values, secret => Assert.True(secret.Length >= 20));
        Absent("the log", await File.ReadAllTextAsync(LogFile, Cancel));
        var kept = Assert.Single(_folder.GetFiles("kept*"));
        Absent("the log file", await File.ReadAllTextAsync(kept.FullName, Cancel));
        Assert.Equal(OwnerOnly, kept.UnixFileMode);
        Assert.Contains("spoke_registered", await File.ReadAllTextAsync(kept.FullName, Cancel), StringComparison.Ordinal);
        Absent("an answer", string.Join('\n', _said));
        Absent("the arguments of wg", _wg.Arguments);
        Absent("the environment of wg", _wg.Environment);
        Absent("the environment of the interface's process", await EnvironmentOfInterfaceAsync());
        Absent("the arguments of a process", await CommandLinesAsync());
        Absent("the data directory", await DataAsync());
        Assert.All(_wghub.Data.GetFiles().Where(file => file.Name is not ("hosts" or "control.sock")), file => Assert.Equal(OwnerOnly, file.UnixFileMode));
        Assert.Contains("genkey", _wg.Arguments, StringComparison.Ordinal);
        Assert.Contains("PATH=", _wg.Environment, StringComparison.Ordinal);
    }

    /// <summary>
    /// Every call that is given a secret, in its good and in its bad ways. What is answered is kept, but for the answers that are to tell one.
    /// </summary>
    private async Task WalkAsync(ApiClient admin, ApiClient nobody)
    {
        (await admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.99.0.0/24", listenPort = 29999, publicEndpoint = "vpn.example.com" }))
            .Expect(HttpStatusCode.Created);
        var used = _secrets["token of a spoke"] = await TokenAsync(admin, "oslo");
        var open = _secrets["token that is open"] = await TokenAsync(admin, "turin");
        var revoked = _secrets["token that is revoked"] = await TokenAsync(admin, "lima");
        var key = Wg.NewKey();
        _secrets["preshared key"] = (await nobody.PostAsync("/api/spoke/register", new { token = used, publicKey = key, os = "linux" }))
            .Expect(HttpStatusCode.Created)
            .Text("presharedKey")!;
        Keep(await nobody.PostAsync("/api/spoke/register", new { token = used, publicKey = Wg.NewKey(), os = "linux" }), HttpStatusCode.Unauthorized);
        Keep(await nobody.PostAsync("/api/spoke/register", new { token = open, publicKey = "nonsense", os = "linux" }), HttpStatusCode.BadRequest);
        Keep(await nobody.PostAsync("/api/spoke/register", new { token = 5, publicKey = open }), HttpStatusCode.BadRequest);
        Keep(await nobody.SendTextAsync(HttpMethod.Post, "/api/spoke/register", $$"""{"token": "{{open}}", """), HttpStatusCode.BadRequest);
        Keep(await nobody.GetAsync($"/i/{open}?platform=nonsense"), HttpStatusCode.BadRequest);
        Keep(await nobody.GetAsync($"/i/{open}/nothing"), HttpStatusCode.NotFound);
        Keep(await nobody.GetAsync($"/join/{open}/nothing"), HttpStatusCode.NotFound);

        var tokens = Keep(await admin.GetAsync("/api/installation/tokens"), HttpStatusCode.OK);
        var id = tokens.At("tokens").EnumerateArray().Single(token => token.GetProperty("spokeName").GetString() == "lima").GetProperty("id").GetString();
        Keep(await admin.DeleteAsync($"/api/installation/token/{id}"), HttpStatusCode.OK);
        Keep(await nobody.GetAsync($"/api/installation/script/{revoked}"), HttpStatusCode.Unauthorized);
        Keep(await nobody.GetAsync($"/join/{revoked}"), HttpStatusCode.Unauthorized);
        await DriftAsync(admin, key);
        Keep(
            await nobody.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Authorization", $"Bearer {_secrets["API token"]}x")),
            HttpStatusCode.Unauthorized);

        await SignInAsync(nobody, Password, HttpStatusCode.Redirect);
        await SignInAsync(nobody, WrongPassword, HttpStatusCode.Unauthorized);

        _wg.Fail();
        Keep(await nobody.PostAsync("/api/spoke/register", new { token = open, publicKey = Wg.NewKey(), os = "linux" }), HttpStatusCode.ServiceUnavailable);
        Keep(await admin.PutAsync("/api/hub/config", new { listenPort = 29998 }), HttpStatusCode.ServiceUnavailable);
        _wg.Work();

        var spoke = (await admin.GetAsync("/api/spoke/list")).At("spokes")[0].GetProperty("id").GetString();
        foreach (
            var path in new[] { "/api/hub/config", "/api/hub/status", "/api/spoke/list", $"/api/spoke/{spoke}", "/api/audit?pageSize=500",
                "/openapi/v1.json", "/", "/tokens", "/spokes", $"/spokes/{spoke}", "/settings" })
        {
            Keep(await admin.GetAsync(path), HttpStatusCode.OK);
        }

        Assert.True(
            await Eventually.TrueAsync(() => File.Exists(ConfFile) && File.ReadAllText(ConfFile).Contains(key, StringComparison.Ordinal), Limit, Cancel));
    }

    /// <summary>The preshared key is taken away by hand: what is told of the drift may name the peer and no more.</summary>
    private async Task DriftAsync(ApiClient admin, string key)
    {
        await Wg.RunAsync($"wg set {Interface} peer {key} preshared-key /dev/null");
        Keep(await admin.GetAsync("/api/hub/status"), HttpStatusCode.OK);
        Assert.True(
            await Eventually.TrueAsync(
                async () =>
                    (await Wg.RunAsync($"wg show {Interface} preshared-keys")).Contains(_secrets["preshared key"], StringComparison.Ordinal), Limit, Cancel));
    }

    private async Task<string> StartAsync()
    {
        _hub = ShellProcess.Start(
            [Path.Combine(AppContext.BaseDirectory, "wghub"), "serve", "--urls", "http://127.0.0.1:0", "--data", _wghub.Data.FullName],
            LogFile,
            new Dictionary<string, string>
            {
                [MasterKey.Variable] = _masterKey,
                ["WGHUB_Log__File"] = Path.Combine(_folder.FullName, "kept.log"),
                ["WGHUB_Log__Level"] = "debug",
                ["WGHUB_WireGuard__Interface"] = Interface,
                ["WGHUB_WireGuard__ReconcileSeconds"] = "1",
                ["WGHUB_WireGuard__ConfigDirectory"] = Path.Combine(_folder.FullName, "conf"),
                ["WGHUB_WireGuard__WgCommand"] = _wg.Path,
            });
        Match? listening = null;
        Assert.True(
            await Eventually.TrueAsync(() => (listening = Listening().Match(File.Exists(LogFile) ? File.ReadAllText(LogFile) : "")).Success, Limit, Cancel));
        return listening!.Groups["address"].Value;
    }

    private static async Task<string> TokenAsync(ApiClient admin, string name) =>
        (await admin.PostAsync("/api/installation/token", new { spokeName = name })).Expect(HttpStatusCode.Created).Text("token", "token")!;

    /// <summary>Signs in as a browser does: with the form's hidden field and its cookie.</summary>
    private async Task SignInAsync(ApiClient browser, string password, HttpStatusCode expected)
    {
        var form = await browser.GetAsync("/signin");
        var field = HiddenField().Match(form.Body).Groups["value"].Value;
        using var typed =
            new FormUrlEncodedContent([new("Name", "anna"), new("Password", password), new("__RequestVerificationToken", WebUtility.HtmlDecode(field))]);
        var cookies = string.Join("; ", form.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var answer = Keep(await browser.SendAsync(HttpMethod.Post, "/signin", typed, ("Cookie", cookies)), expected);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            _secrets["session"] = Session().Match(string.Join('\n', set)).Groups["key"].Value;
        }
    }

    private Answer Keep(Answer answer, HttpStatusCode expected)
    {
        Assert.True(answer.Status == expected, $"Expected {(int)expected}, got {(int)answer.Status}: {answer.Body}");
        _said.Add(answer.Body);
        return answer;
    }

    /// <summary>Neither as text nor, where it is base64, as its bytes.</summary>
    private void Absent(string place, string text) =>
        Assert.All(
            _secrets,
            secret =>
                Assert.False(
                    Spellings(secret.Value).Any(spelling => text.Contains(spelling, StringComparison.Ordinal)), $"The {secret.Key} stands in {place}."));

    private static IEnumerable<string> Spellings(string secret)
    {
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, bytes, out var length) ? [secret, Encoding.Latin1.GetString(bytes, 0, length)] : [secret];
    }

    /// <summary>The arguments of every process that runs now.</summary>
    private static async Task<string> CommandLinesAsync() => (await Shell.RunAsync(["ps", "-ww", "-e", "-o", "args="], Cancel)).OrThrow();

    /// <summary>wireguard-go stays longer than the hub, and whoever may look at it sees what it was started with.</summary>
    private static async Task<string> EnvironmentOfInterfaceAsync() =>
        await Wg.ProcessIdAsync(Interface) is { Length: > 0 } id ? await File.ReadAllTextAsync($"/proc/{id}/environ", Cancel) : "";

    /// <summary>Names and bytes of all that lies in the data directory: the master key of this hub is not there.</summary>
    private async Task<string> DataAsync()
    {
        var text = new StringBuilder();
        foreach (var file in _wghub.Data.GetFiles().Where(file => file.Length > 0)) // the lock is empty, and nobody else may open it
        {
            text.Append(file.Name).Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.FullName, Cancel)));
        }

        Assert.Contains("wghub.db-wal", text.ToString(), StringComparison.Ordinal);
        return text.ToString();
    }

    private Task<ShellResult> CommandAsync(string typed, params string[] command) =>
        Wghub.RunAsync(_wghub.Data.FullName, [$"{MasterKey.Variable}={_masterKey}"], typed, command);

    private async Task PlantClientSecretAsync()
    {
        var file = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(file, _masterKey, Cancel);
        File.SetUnixFileMode(file, OwnerOnly);
        using var masterKey = MasterKey.FromFile(file);
        using var database = new Database(new(_wghub.Data.FullName), TimeProvider.System);
        var settings = SignInSettings.Default with { Issuer = "https://id.example.com", ClientId = "hub", ClientSecret = new(ClientSecret) };
        await database.WriteAsync(db => new SignInSettingsStore(database, masterKey).Save(db, settings), Cancel);
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="(?<value>[^"]+)""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("wghub=(?<key>[^;]+)")]
    private static partial Regex Session();
}
