using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>Whatever is wrong with the machine or the data, a command ends with one sentence that says so and what to do: never with a trace.</summary>
public sealed class TroubleTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Urls = "--urls http://127.0.0.1:0";

    /// <summary>No address of this machine: a start gets as far as that, and ends.</summary>
    private const string Elsewhere = "https://192.0.2.77:4430";

    private readonly Wghub _wghub = new();

    private string DatabaseFile => InData("wghub.db");

    private string KeyFile => InData("master.key");

    public void Dispose() => _wghub.Dispose();

    [Theory]
    [InlineData("damaged", $"serve {Urls}", 1, "wghub.db is damaged. Put a backup in its place.")]
    [InlineData("damaged", "api-token list", 1, "wghub.db is damaged. Put a backup in its place.")]
    [InlineData("damaged", "audit verify", 1, "wghub.db is damaged. Put a backup in its place.")]
    [InlineData("damaged inside", "user disable anna", 1, "wghub.db is damaged. Put a backup in its place.")]
    [InlineData("a folder for a database", "api-token list", 1, "wghub.db is a directory, and not a database file. Put a backup in its place")]
    [InlineData("another key", $"serve {Urls}", 1, "The master key does not open this database.", "WGHUB_MASTER_KEY (not set) and")]
    [InlineData("another key", "master-key rotate", 1, "master.key (another database's).")]
    [InlineData("no key", $"serve {Urls}", 1, "The master key does not open this database.", "master.key (not there).")]
    [InlineData("no key", "fingerprint", 1, "master.key (not there).")]
    [InlineData("a key for all", $"serve {Urls}", 64, "can be read or changed by others. Run: chmod 600 /", "/master.key")]
    [InlineData("no key in its file", "fingerprint", 64, "The file master.key does not hold 32 bytes of base64", "openssl rand -base64 32")]
    [InlineData("a folder for a key", $"serve {Urls}", 1, "master.key")]
    [InlineData("broken settings", $"serve {Urls}", 64, "wghub.json is not JSON, in line 3: ")]
    [InlineData("broken settings", "api-token list", 64, "wghub.json is not JSON, in line 3: ")]
    [InlineData("a list for settings", $"serve {Urls}", 64, "wghub.json holds no settings: ")]
    [InlineData("a setting twice", $"serve {Urls}", 64, "wghub.json holds no settings: ", "evel")]
    [InlineData("a folder for settings", $"serve {Urls}", 64, "wghub.json is a directory")]
    [InlineData("no certificate", "serve --urls https://127.0.0.1:0", 64, "Tls:CertificateFile cannot be read", "'/nowhere/cert.pem'")]
    [InlineData("no certificate", "fingerprint", 64, "Tls:CertificateFile cannot be read", "'/nowhere/cert.pem'")]
    [InlineData("no such folder", "api-token list", 1, "There is no hub's database in /", "--data or WGHUB_DATA")]
    [InlineData("nothing", "api-token list", 1, "There is no hub's database in /", "--data or WGHUB_DATA")]
    [InlineData("nothing", "api-token revoke x", 1, "There is no hub's database in /")]
    [InlineData("nothing", "user passwd anna", 1, "There is no hub's database in /")]
    [InlineData("nothing", "user disable anna", 1, "There is no hub's database in /")]
    [InlineData("nothing", "audit verify", 1, "There is no hub's database in /")]
    [InlineData("nothing", "master-key rotate", 1, "There is no hub's database in /")]
    [InlineData("nothing", "serve --config /tmp", 64, "--config /tmp: there is no such file.")]
    [InlineData("nothing", "master-key rotate --new-key-file /nowhere", 64, "--new-key-file /nowhere: there is no such file.")]
    [InlineData("nothing", "serve --urls http://[::1]:0;https://192.0.2.77:4430", 1, "https://192.0.2.77:4430 is no address of this machine.")]
    [InlineData("a hub", "api-token revoke x", 1, "There is no such API token.")]
    [InlineData("a hub", "user passwd nobody", 1, "There is no such account.")]
    public async Task It_is_told_in_one_sentence(string trouble, string command, int exitCode, params string[] words)
    {
        var (data, environment) = await MakeAsync(trouble);

        Tells(exitCode, words, await Wghub.RunAsync(data, environment, "", command.Split(' ')));
    }

    /// <summary>Root may read everything: this is somebody else.</summary>
    [Theory]
    [InlineData("another's folder", $"serve {Urls}", 1, "is not for this user. Use sudo, or: Name the hub's with --data or WGHUB_DATA.")]
    [InlineData("another's folder", "setup-code", 1, "is not for this user.")]
    [InlineData("another's folder", "api-token list", 1, "is not for this user.")]
    [InlineData("a folder in another's", "fingerprint", 1, "is not for this user.")]
    [InlineData("another's files", $"serve {Urls}", 1, "The database file cannot be opened.")]
    [InlineData("another's settings", $"serve {Urls}", 1, "wghub.json' is denied. Run it as the user whose file it is, or as root.")]
    public async Task What_is_not_for_this_user_is_told_with_a_way_out(string trouble, string command, int exitCode, params string[] words)
    {
        var (data, _) = await MakeAsync(trouble);

        Tells(exitCode, words, await AsNobodyAsync([.. command.Split(' '), "--data", data]));
    }

    [Theory]
    [InlineData("serve", Urls)]
    [InlineData("setup-code", "")]
    public async Task A_data_directory_that_is_a_file_is_told(string command, string options) =>
        Tells(
            1, ["The data directory /etc/hostname is a file, and not a directory. Name the hub's with --data or WGHUB_DATA."],
            await Wghub.RunAsync("/etc/hostname", [], "", [command, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

    [Fact]
    public async Task An_address_that_is_taken_is_told_before_anything_else()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        Tells(1, [$"{url} is taken: another program listens there. 'ss -ltnp sport = :"], await _wghub.RunAsync("serve", "--urls", url));
    }

    [Fact]
    public async Task A_second_hub_is_told_the_first_ones_process()
    {
        await using var hub = await RunningHub.StartAsync(_wghub, "wgsecond0");

        var sentence = $"A hub runs on this data directory already (process {hub.ProcessId}). Stop it first.";
        Tells(1, [sentence], await _wghub.RunAsync("serve", "--urls", "http://127.0.0.1:0"));
        Tells(1, [sentence], await _wghub.RunAsync("master-key", "rotate"));
    }

    [Fact]
    public async Task A_start_without_what_an_interface_takes_says_so()
    {
        var start = await _wghub.RunWithAsync(
            ["WGHUB_WireGuard__WgCommand=/nowhere/wg", "WGHUB_WireGuard__IpCommand=ip-of-nowhere"], "serve", "--urls", Elsewhere);

        Assert.Contains("/nowhere/wg is not on this machine, so no tunnel will come up.", start.Output, StringComparison.Ordinal);
        Assert.Contains("Install it, on Debian: apt install wireguard-tools.", start.Output, StringComparison.Ordinal);
        Assert.Contains("ip-of-nowhere is not on this machine, so no tunnel will come up.", start.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CAP_NET_ADMIN", start.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_of_a_user_who_may_make_no_interface_says_so()
    {
        (await Shell.RunAsync(["chown", "nobody:nogroup", _wghub.Data.FullName], Cancel)).OrThrow();

        var start = await AsNobodyAsync("serve", "--urls", Elsewhere, "--data", _wghub.Data.FullName);

        Assert.Contains("may not make network interfaces (CAP_NET_ADMIN is missing)", start.Output, StringComparison.Ordinal);
    }

    /// <returns>The data directory, and settings.</returns>
    private async Task<(string Data, string[] Environment)> MakeAsync(string trouble)
    {
        switch (trouble)
        {
            case "nothing":
                return (_wghub.Data.FullName, []);
            case "no such folder":
                return (InData("nowhere"), []);
            case "another's folder":
                return (_wghub.Data.FullName, []);
            case "a folder in another's":
                return (InData("mine"), []);
            case "another's settings":
                await File.WriteAllTextAsync(InData("wghub.json"), "{}", Cancel);
                File.SetUnixFileMode(InData("wghub.json"), OwnerOnly);
                (await Shell.RunAsync(["chown", "nobody:nogroup", _wghub.Data.FullName], Cancel)).OrThrow();
                return (_wghub.Data.FullName, []);
        }

        (await _wghub.RunAsync("fingerprint")).OrThrow();
        switch (trouble)
        {
            case "damaged":
                await File.WriteAllTextAsync(DatabaseFile, new string('x', 10_000), Cancel);
                break;
            case "damaged inside":
                var whole = await File.ReadAllBytesAsync(DatabaseFile, Cancel);
                Array.Clear(whole, 20_000, 20_000);
                await File.WriteAllBytesAsync(DatabaseFile, whole, Cancel);
                break;
            case "a folder for a database":
                File.Delete(DatabaseFile);
                Directory.CreateDirectory(DatabaseFile);
                await File.WriteAllTextAsync(DatabaseFile + "-wal", "", Cancel);
                break;
            case "another key":
                await File.WriteAllTextAsync(KeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancel);
                break;
            case "no key":
                File.Delete(KeyFile);
                break;
            case "a key for all":
                File.SetUnixFileMode(KeyFile, OwnerOnly | UnixFileMode.OtherRead);
                break;
            case "no key in its file":
                await File.WriteAllTextAsync(KeyFile, "planted", Cancel);
                break;
            case "a folder for a key":
                File.Delete(KeyFile);
                Directory.CreateDirectory(KeyFile, OwnerOnly | UnixFileMode.UserExecute);
                break;
            case "broken settings":
                await File.WriteAllTextAsync(InData("wghub.json"), "{\n  \"Log\": {}\n  \"Web\": {}\n}", Cancel);
                break;
            case "a list for settings":
                await File.WriteAllTextAsync(InData("wghub.json"), "[]", Cancel);
                break;
            case "a setting twice":
                await File.WriteAllTextAsync(InData("wghub.json"), """{"Log": {"Level": "error"}, "log:level": "error"}""", Cancel);
                break;
            case "a folder for settings":
                Directory.CreateDirectory(InData("wghub.json"));
                break;
            case "no certificate":
                return (_wghub.Data.FullName, ["WGHUB_Tls__CertificateFile=/nowhere/cert.pem", "WGHUB_Tls__KeyFile=/nowhere/key.pem"]);
            case "another's files":
                (await Shell.RunAsync(["chown", "nobody:nogroup", _wghub.Data.FullName], Cancel)).OrThrow();
                break;
            default:
                Assert.Equal("a hub", trouble);
                break;
        }

        return (_wghub.Data.FullName, []);
    }

    private string InData(string name) => Path.Combine(_wghub.Data.FullName, name);

    private static Task<ShellResult> AsNobodyAsync(params string[] command) => Shell.RunAsync(
        [
            "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
            Path.Combine(AppContext.BaseDirectory, "wghub"), .. command,
        ],
        Cancel);

    private static void Tells(int exitCode, string[] words, ShellResult result)
    {
        Assert.Equal(("", exitCode), (result.Output, result.ExitCode));
        Assert.Matches(@"\Awghub: [^\n]+\n\z", result.Error);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", result.Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }
}
