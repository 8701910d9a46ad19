using System.Net;
using System.Security.Cryptography;
using System.Text;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary><c>wghub master-key rotate</c> on the data of a hub that has a secret of many kinds.</summary>
public sealed class KeyRotationTests : HubTest
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private Enrolled _spoke = null!;
    private string _keys = "";
    private string _oldKey = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _spoke = await Hub.EnrolAsync();
        var settings = SignInSettings.Default with { Issuer = "https://id.example.com", ClientId = "hub", ClientSecret = new("client secret") };
        await Hub.Database.WriteAsync(db => Hub.Get<SignInSettingsStore>().Save(db, settings), Cancel);
        (await Hub.Nobody.GetAsync("/setup")).Expect(HttpStatusCode.OK); // makes the key ring of the forms
        _keys = await KeysAsync();
        _oldKey = await File.ReadAllTextAsync(Hub.Data.MasterKeyFile, Cancel);
    }

    [Fact]
    public async Task Every_secret_opens_under_the_new_key_and_none_under_the_old()
    {
        var before = SealedTexts();
        await Hub.StopAsync();

        var said = (await RotateAsync()).OrThrow();

        Assert.StartsWith($"{before.Count} secrets ", said, StringComparison.Ordinal);
        Assert.NotEqual(_oldKey, await File.ReadAllTextAsync(Hub.Data.MasterKeyFile, Cancel));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Hub.Data.MasterKeyFile));
        Assert.DoesNotContain(Hub.Folder.GetFiles(), file => file.Name.StartsWith("master.key.", StringComparison.Ordinal));
        var bytes = string.Concat(Hub.Folder.GetFiles("wghub.db*").Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file.FullName))));
        Assert.All(before, text => Assert.DoesNotContain(text, bytes, StringComparison.Ordinal));
        await AssertAllIsThereAsync();
        Assert.Equal("cli", (await Hub.Viewer.GetAsync("/api/audit?event=masterkey.rotated")).At("entries")[0].GetProperty("actor").GetString());

        await Hub.StopAsync();
        await File.WriteAllTextAsync(Hub.Data.MasterKeyFile, _oldKey, Cancel);
        Tells(1, "The master key does not open this database", await ServeAsync());
    }

    [Fact]
    public async Task While_a_hub_runs_it_is_refused_and_so_is_a_second_hub()
    {
        Tells(1, "A hub runs on this data directory already", await RotateAsync());
        Tells(1, "A hub runs on this data directory already", await ServeAsync());

        Assert.Equal(_oldKey, await File.ReadAllTextAsync(Hub.Data.MasterKeyFile, Cancel));
        (await Hub.RegisterAsync(_spoke.Token, _spoke.Key)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cut_short_before_the_database_was_written_the_old_key_is_good()
    {
        await Hub.StopAsync();
        MasterKey.Make(Hub.Data.NextMasterKeyFile);

        await AssertAllIsThereAsync();
        await Hub.StopAsync();
        (await RotateAsync()).OrThrow();

        await AssertAllIsThereAsync();
        Assert.False(File.Exists(Hub.Data.NextMasterKeyFile));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("rotate")]
    [InlineData("api-token")]
    public async Task Cut_short_after_the_database_was_written_the_new_key_is_found(string next)
    {
        await Hub.StopAsync();
        (await RotateAsync()).OrThrow();
        File.Move(Hub.Data.MasterKeyFile, Hub.Data.NextMasterKeyFile);
        await File.WriteAllTextAsync(Hub.Data.MasterKeyFile, _oldKey, Cancel);
        File.SetUnixFileMode(Hub.Data.MasterKeyFile, OwnerOnly);

        if (next == "rotate")
        {
            (await RotateAsync()).OrThrow();
        }
        else if (next == "api-token")
        {
            (await Wghub.RunAsync(Hub.Folder.FullName, [], "", "api-token", "create", "--name", "x", "--role", "viewer")).OrThrow();
        }

        await AssertAllIsThereAsync();
        Assert.False(File.Exists(Hub.Data.NextMasterKeyFile));
        Assert.NotEqual(_oldKey, await File.ReadAllTextAsync(Hub.Data.MasterKeyFile, Cancel));
    }

    [Fact]
    public async Task A_secret_that_does_not_open_stops_it_and_nothing_is_changed()
    {
        await Hub.Database.WriteAsync(db => db.Execute($"update sign_in_settings set sealed_client_secret = (select sealed_private_key from hubs)"), Cancel);
        await Hub.StopAsync();

        Tells(1, "sign_in_settings.sealed_client_secret", await RotateAsync());

        Assert.Equal(_oldKey, await File.ReadAllTextAsync(Hub.Data.MasterKeyFile, Cancel));
        await Hub.RestartAsync();
        Assert.Equal(_keys, await KeysAsync());
    }

    [Fact]
    public async Task A_key_from_outside_is_exchanged_for_the_one_in_the_file()
    {
        var (old, file) = ($"WGHUB_MASTER_KEY={_oldKey.Trim()}", Path.Combine(Hub.Folder.FullName, "new"));
        await Hub.StopAsync();
        File.Delete(Hub.Data.MasterKeyFile);
        MasterKey.Make(file);
        var made = $"WGHUB_MASTER_KEY={(await File.ReadAllTextAsync(file, Cancel)).Trim()}";

        Tells(64, "--new-key-file", await RotateAsync([old]));
        var said = (await RotateAsync([old], "--new-key-file", file)).OrThrow();

        Assert.Contains("WGHUB_MASTER_KEY", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Hub.Data.MasterKeyFile));
        Tells(1, "The master key does not open this database", await RotateAsync([old], "--new-key-file", file));
        MasterKey.Make(file + "2");
        (await RotateAsync([made], "--new-key-file", file + "2")).OrThrow();
    }

    [Fact]
    public async Task A_file_is_refused_where_the_hub_keeps_its_key_itself()
    {
        await Hub.StopAsync();

        Tells(64, "--new-key-file", await RotateAsync([], "--new-key-file", "/dev/null"));
    }

    [Fact]
    public async Task A_key_that_got_lost_is_told_and_no_other_is_made()
    {
        await Hub.StopAsync();
        File.Delete(Hub.Data.MasterKeyFile);

        Tells(1, "The master key does not open this database", await ServeAsync());
        Tells(1, "The master key does not open this database", await RotateAsync());

        Assert.False(File.Exists(Hub.Data.MasterKeyFile));
    }

    [Fact]
    public async Task A_wrong_key_is_told_before_the_set_up_too()
    {
        await using var hub = new TestHub { IsSetUp = false };
        await hub.InitializeAsync();
        await hub.StopAsync();
        var other = $"WGHUB_MASTER_KEY={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

        Tells(1, "The master key does not open this database", await Wghub.RunAsync(hub.Folder.FullName, [other], "", "serve", "--urls", "http://127.0.0.1:0"));
    }

    /// <summary>The hub starts and has each secret as it was.</summary>
    private async Task AssertAllIsThereAsync()
    {
        await Hub.RestartAsync();
        await Hub.ReconcileAsync();
        Assert.Equal(_keys, await KeysAsync());
        Assert.Equal("client secret", Hub.Get<SignInSettingsStore>().Current.ClientSecret?.Reveal());
        (await Hub.RegisterAsync(_spoke.Token, _spoke.Key)).Expect(HttpStatusCode.OK);
        (await Hub.Nobody.GetAsync("/setup")).Expect(HttpStatusCode.OK);
        Assert.Contains(Hub.Get<HubStore>().PrivateKey().Reveal(), await File.ReadAllTextAsync(Hub.ConfFile, Cancel), StringComparison.Ordinal);
    }

    /// <summary>The interface's own key and those that it shares.</summary>
    private async Task<string> KeysAsync() =>
        await Wg.RunAsync($"wg show {Hub.Interface} private-key") + await Wg.RunAsync($"wg show {Hub.Interface} preshared-keys");

    private List<string> SealedTexts() => Hub.Database.Read(db => SealedColumns.All.SelectMany(column => db.Query(
        $"{new SqlPart($"select {column.Column} as sealed_text from {column.Table} where {column.Column} is not null")}", row => row.Text("sealed_text"))).ToList());

    private Task<ShellResult> ServeAsync() => Wghub.RunAsync(Hub.Folder.FullName, [], "", "serve", "--urls", "http://127.0.0.1:0");

    private Task<ShellResult> RotateAsync() => RotateAsync([]);

    private Task<ShellResult> RotateAsync(string[] environment, params string[] options) =>
        Wghub.RunAsync(Hub.Folder.FullName, environment, "", ["master-key", "rotate", .. options]);

    private static void Tells(int exitCode, string sentence, ShellResult result)
    {
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"\Awghub: [^\n]+\n\z", result.Error);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }
}
