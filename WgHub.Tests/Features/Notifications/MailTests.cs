using System.Globalization;
using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>A real SMTP server (aiosmtpd) that the hub's mail comes to. Where it is not to be had, this is skipped.</summary>
public sealed class MailTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _port = ReverseProxy.FreePort();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-mail-");
    private ShellProcess? _server;
    private TestHub _hub = null!;

    private string MailLog => Path.Combine(_folder.FullName, "mail");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            File.Exists(Python) && (await Shell.RunAsync([Python, "-c", "import aiosmtpd"], Cancel)).ExitCode == 0, "python3-aiosmtpd is not to be had here.");
        await ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        if (_server is { HasExited: false })
        {
            _server.Kill();
            await _server.WaitForExitAsync(Patience, CancellationToken.None);
        }

        _server?.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_happens_comes_by_mail_to_all_of_a_channel_and_no_header_is_slipped_in()
    {
        await StartAsync("none");
        await ChannelAsync("ops@example.com, night@example.com");
        (await _hub.Operator.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Created);
        Assert.True(await Eventually.TrueAsync(() => Text().Contains("END MESSAGE", StringComparison.Ordinal), Patience, Cancel), Text());

        var mail = Text();
        Assert.Contains("To: ops@example.com, night@example.com", mail, StringComparison.Ordinal);
        Assert.Contains("From: WgHub <hub@example.com>", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: [WgHub] oslo: An installation token was made.", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        Assert.Matches("Message-Id: <msg_[0-9a-f]{32}@example.com>", mail);
        Assert.Contains("  token for: oslo", mail, StringComparison.Ordinal);
        Assert.Equal(1, mail.Split("MESSAGE FOLLOWS").Length - 1);
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing_unless_a_setting_says_so()
    {
        await StartAsync("starttls");
        var id = await ChannelAsync("ops@example.com");

        var test = (await _hub.Admin.PostAsync($"/api/notifications/{id}/test", new { })).Expect(HttpStatusCode.OK);
        Assert.Equal(("False", "The mail server does not offer what Mail:Tls or Mail:User ask for."), (test.Text("delivered"), test.Text("said")));
        Assert.Equal("", Text());
    }

    [Fact]
    public async Task A_server_that_is_down_or_is_none_is_told()
    {
        await StartAsync("none");
        var id = await ChannelAsync("ops@example.com");
        _server!.Kill();
        await _server.WaitForExitAsync(Patience, Cancel);

        var test = await _hub.Admin.PostAsync($"/api/notifications/{id}/test", new { });
        Assert.Equal("The mail server cannot be connected to: ConnectionRefused.", test.Text("said"));
    }

    [Fact]
    public void A_subject_is_one_line_whatever_is_in_it()
    {
        using var json = System.Text.Json.JsonDocument.Parse(
            """{"type":"t","data":{"level":"critical","sentence":"It\u2028is\r\nBcc: all@example.com","subject":{"name":"a\u0000\nb"}}}""");
        var subject = MailText.SubjectOf(json.RootElement);
        Assert.DoesNotContain(subject, char.IsControl);
        Assert.StartsWith("critical: a", subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ops@example.com", true)]
    [InlineData("o'b+tag@mail.example.co", true)]
    [InlineData("ops@localhost", true)]
    [InlineData("ops", false)]
    [InlineData("@example.com", false)]
    [InlineData("ops@", false)]
    [InlineData("ops@-a.example", false)]
    [InlineData("ops@exa\nmple.com", false)]
    [InlineData("<ops@example.com>", false)]
    [InlineData("\"a b\"@example.com", false)]
    [InlineData("ops@example.com>", false)]
    [InlineData("a..b@example.com", false)]
    public void Addresses_are_plain(string text, bool isOne) => Assert.Equal(isOne, MailAddresses.IsAddress(text));

    private async Task ServeAsync()
    {
        _server = ShellProcess.Start(
            [Python, "-u", "-m", "aiosmtpd", "-n", "-l", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}")], MailLog,
            new Dictionary<string, string>());
        Assert.True(await Eventually.TrueAsync(ListensAsync, Patience, Cancel), Text());
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port, Cancel);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private async Task StartAsync(string tls)
    {
        _hub = new()
        {
            Settings =
            {
                ["Mail:Host"] = "127.0.0.1", ["Mail:Port"] = _port.ToString(CultureInfo.InvariantCulture), ["Mail:Tls"] = tls,
                ["Mail:From"] = "hub@example.com",
            },
        };
        await _hub.InitializeAsync();
    }

    private async Task<string> ChannelAsync(string to) =>
        (await _hub.Admin.PostAsync("/api/notifications", new { name = "ops", kind = "mail", target = to, events = new[] { "token.created" } }))
        .Expect(HttpStatusCode.Created).Text("channel", "id")!;

    private string Text() => File.Exists(MailLog) ? File.ReadAllText(MailLog) : "";
}
