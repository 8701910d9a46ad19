using System.Net;
using WgHub.TestKit;

namespace WgHub.Cli.Remote;

/// <summary>Who is let in by the socket in the data directory, and what becomes of it.</summary>
public sealed class ControlSocketTests : HubTest
{
    private string Socket => Hub.Data.ControlSocket;

    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0"], Settings = { ["Limits:TokensPerHourPerIp"] = "3" } };

    [Fact]
    public async Task Its_owner_and_root_are_the_administrator_and_are_audited_as_cli()
    {
        (await Wghub.RunAsync(Hub.Folder.FullName, [], "", "group", "set", "servers", "--routes", "hub")).OrThrow();

        var entry = (await Hub.Viewer.GetAsync("/api/audit?event=group.changed")).Expect(HttpStatusCode.OK).Json.GetProperty("entries")[0];
        Assert.Equal("cli", entry.GetProperty("actor").GetString());
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Socket) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)); // what connect(2) asks for
    }

    [Fact]
    public async Task Another_user_is_hung_up_on_even_where_the_socket_was_opened_to_all()
    {
        foreach (var folder in new[] { Hub.Folder.FullName, Socket })
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        Assert.Equal("connected, HTTP/1.1 200 OK", await AskAsync("0"));
        Assert.Equal("connected, ", await AskAsync("65534"));
    }

    [Fact]
    public async Task A_wrong_token_is_not_made_up_for_by_the_socket() =>
        Assert.Equal(
            22,
            (await Shell.RunAsync(
                ["curl", "-sf", "--unix-socket", Socket, "-H", "Authorization: Bearer wgh_wrong", "http://localhost/api/hub/config"], Cancel)).ExitCode);

    [Fact]
    public async Task One_that_a_killed_hub_left_behind_is_in_nobodys_way()
    {
        await Hub.StopAsync();
        Assert.False(File.Exists(Socket));
        (await Shell.RunAsync(["python3", "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", Socket], Cancel)).OrThrow();
        var told = await Wghub.RunAsync(Hub.Folder.FullName, [], "", "spoke", "list");
        Assert.Equal(
            $"wghub: No hub runs on this data directory: nothing answers at {Socket}. Start it, name another with --data, or one elsewhere with --server.\n",
            told.Error);
        Assert.Equal(1, told.ExitCode);

        await Hub.RestartAsync();
        (await Wghub.RunAsync(Hub.Folder.FullName, [], "", "spoke", "list")).OrThrow();
    }

    [Fact]
    public async Task A_line_to_paste_leads_to_where_the_hub_listens_and_not_to_the_socket()
    {
        var made = (await Wghub.RunAsync(Hub.Folder.FullName, [], "", "token", "add", "web1")).OrThrow();

        Assert.Contains($" {Hub.Url}/i/", made, StringComparison.Ordinal);
        Assert.Contains("--pinnedpubkey", made, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_this_machine_is_held_by_no_limit_of_strangers()
    {
        for (var i = 0; i < 12; i++)
        {
            (await Wghub.RunAsync(Hub.Folder.FullName, [], "", "token", "add", $"web{i}")).OrThrow();
        }
    }

    /// <summary>Whether a user is connected, and the first line of what they hear.</summary>
    private async Task<string> AskAsync(string user)
    {
        const string Script = """
            import socket, sys
            hub = socket.socket(socket.AF_UNIX)
            hub.connect(sys.argv[1])
            try:
                hub.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                heard = hub.recv(4096)
            except (BrokenPipeError, ConnectionResetError):
                heard = b""
            print("connected, " + heard.decode().split("\r\n")[0], end="")
            """;
        return (await Shell.RunAsync(["setpriv", $"--reuid={user}", "--clear-groups", "/usr/bin/python3", "-c", Script, Socket], Cancel)).OrThrow();
    }
}

/// <summary>Where no socket can be.</summary>
public sealed class NoControlSocketTests
{
    [Fact]
    public async Task A_hub_whose_folder_has_too_long_a_path_runs_without_and_says_so()
    {
        var deep = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"wghub-{Guid.NewGuid():N}", new string('a', 100)));
        using var wghub = new Wghub(deep);
        File.SetUnixFileMode(deep.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var hub = await RunningHub.StartAsync(wghub, "wgnosock"))
        {
            Assert.Contains($"There is no socket for commands at {deep.FullName}/control.sock: its path is longer than a socket's may be.",
                hub.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("unix:", hub.Log, StringComparison.Ordinal);
            Assert.Equal(1, (await wghub.RunAsync("spoke", "list")).ExitCode);
        }

        deep.Parent!.Delete(recursive: true);
        deep.Create(); // for who cleans up
    }
}
