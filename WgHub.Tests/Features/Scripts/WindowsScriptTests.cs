using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using WgHub.Features.Tls;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>The script for Windows, as far as it can be held without Windows: no PowerShell runs here, a parser of it does.</summary>
public sealed partial class WindowsScriptTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>All that the script may call besides its own functions. A new one is looked at: does 5.1 have it, and what does it read from outside?</summary>
    private static readonly string[] Allowed =
    [
        "Add-Type", "ConvertFrom-Json", "ConvertTo-Json", "ForEach-Object", "Get-Acl", "Get-AuthenticodeSignature", "Get-ChildItem", "Get-CimInstance", "Get-Command", "Get-Date", "Get-FileHash", "Get-Item", "Get-Service",
        "Invoke-WebRequest", "Move-Item", "New-Item", "New-Object", "New-ScheduledTaskAction", "New-ScheduledTaskPrincipal", "New-ScheduledTaskSettingsSet", "New-ScheduledTaskTrigger", "New-TimeSpan",
        "Out-Null", "Register-ScheduledTask", "Remove-Item", "Restart-Service", "Set-Acl", "Set-StrictMode", "Start-Process", "Start-Sleep", "Test-Path", "Unregister-ScheduledTask", "Where-Object", "Write-Host", "curl.exe",
    ];

    private static readonly ServerAddress Trusted = new(new("https://vpn.example.com"), null);

    private static readonly ServerAddress Pinned = new(new("https://10.0.0.5:8443"), Pin);

    private static readonly string Token = new('T', 43);

    private readonly WindowsScript _script = hub.Get<WindowsScript>();

    [Fact]
    public void It_is_its_parts_in_order_with_each_hole_filled_by_one_quoted_word()
    {
        var parts = string.Concat(Directory.GetFiles(Repository.PathOf("templates/windows"), "*.ps1").Order(StringComparer.Ordinal).Select(File.ReadAllText));

        Assert.Matches($@"\A{Hole().Replace(Regex.Escape(parts), "'([^'\n]|'')*'")}\z", _script.Render(Pinned, Token));
    }

    [Fact]
    public async Task It_parses_as_5_1_and_calls_only_what_is_listed()
    {
        var parsed = await PowerShellParser.ReadAsync(_script.Render(Pinned, Token));

        Assert.Empty(parsed.Errors);
        Assert.Equal(Allowed, parsed.Commands.Except(parsed.Functions).Where(name => name != "Main"));
    }

    [Fact]
    public async Task Cut_short_anywhere_it_does_nothing()
    {
        var parsed = await PowerShellParser.ReadAsync(_script.Render(Pinned, Token));

        Assert.Equal(["& { Main }", "Main"], parsed.Runs);
        Assert.Empty(parsed.ActingCuts);
    }

    [Theory]
    [InlineData("$a = $b ? 1 : 2")]
    [InlineData("$a = $b ?? 1")]
    [InlineData("function A {")]
    [InlineData("$a = 'open")]
    public async Task What_5_1_cannot_read_is_seen(string script) =>
        Assert.NotEmpty((await PowerShellParser.ReadAsync(script)).Errors);

    [Fact]
    public async Task A_script_that_would_act_when_cut_short_is_seen() =>
        Assert.NotEmpty((await PowerShellParser.ReadAsync("Remove-Item a\nRemove-Item b\n")).ActingCuts);

    [Fact]
    public void It_is_printable_ASCII_in_lines_that_end_alike() =>
        Assert.Matches(@"\A([ -~]*\n)+\z", _script.Render(Pinned, Token));

    [Fact]
    public async Task The_lines_parse_and_download_one_script()
    {
        var trusted = await PowerShellParser.ReadAsync(LineFor(Trusted));
        var pinned = await PowerShellParser.ReadAsync(LineFor(Pinned));

        Assert.Equal("", string.Concat(trusted.Errors) + string.Concat(pinned.Errors));
        Assert.Equal(("irm", "curl.exe"), (Assert.Single(trusted.Commands), Assert.Single(pinned.Commands)));
        Assert.Contains($"(irm 'https://vpn.example.com/i/{Token}?platform=windows')", LineFor(Trusted), StringComparison.Ordinal);
    }

    [Fact]
    public void The_download_that_no_key_protects_carries_no_token_and_is_compared_with_the_lines_hash()
    {
        var line = LineFor(Pinned);
        var served = _script.Render(Pinned, null);

        Assert.StartsWith("$s=(curl.exe -fsSk 'https://10.0.0.5:8443/i/install.ps1')-join\"`n\";", line, StringComparison.Ordinal);
        var joined = string.Join('\n', served.Split('\n', StringSplitOptions.None)[..^1]);
        Assert.Contains(
            $"if($h-ceq'{WindowsScript.HashOf(joined)}'){{&([scriptblock]::Create($s)) -Token '{Token}'}}elseif($s-cmatch", line, StringComparison.Ordinal);
        Assert.True(line.IndexOf(Token, StringComparison.Ordinal) > line.IndexOf("-ceq", StringComparison.Ordinal));
        Assert.NotEqual(LineFor(Pinned with { Pin = Pin.Replace('A', 'B') })[..^200], line[..^200]);
    }

    [Fact]
    public async Task It_comes_as_a_file_of_PowerShell_and_uses_nothing_up()
    {
        var (_, token, _) = await hub.TokenAsync("kiel");
        var before = await Snapshot.TakeAsync(hub);

        var answer = (await hub.Nobody.GetAsync($"/i/{token}?platform=windows")).Expect(HttpStatusCode.OK);

        Assert.Equal("text/plain", answer.ContentType);
        Assert.Equal("attachment; filename=\"install-spoke-kiel.ps1\"", answer.ContentHeaders.ContentDisposition?.ToString());
        Assert.Contains($"param([string] $Token = '{token}',", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"$HubUrl = '{hub.Url}'\n", answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, await Snapshot.TakeAsync(hub));
    }

    [Fact]
    public async Task The_script_for_everybody_holds_no_token()
    {
        var answer = (await hub.Nobody.GetAsync(WindowsScript.Path)).Expect(HttpStatusCode.OK);

        Assert.Equal("text/plain", answer.ContentType);
        Assert.Contains("param([string] $Token = '',", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_token_has_a_line_for_each_platform()
    {
        var answer = (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() })).Expect(HttpStatusCode.Created);
        var token = answer.Text("token", "token");

        Assert.Equal(["linux", "macos", "windows", "proxmox", "join"], answer.Members("token", "commands"));
        Assert.Equal($"curl -fsSL {hub.Url}/i/{token} | sudo sh", answer.Text("token", "commands", "macos"));
        Assert.Contains($"(irm '{hub.Url}/i/{token}?platform=windows')", answer.Text("token", "commands", "windows"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_installer_can_be_another_one()
    {
        var other =
            new WindowsScript(Options.Create(new WindowsOptions { MsiX64Url = "https://files.example.com/wg.msi", MsiX64Sha256 = new string('c', 64) }));

        Assert.Contains(
            $"X64 = @{{ Url = 'https://files.example.com/wg.msi'; Sha256 = '{new string('c', 64)}' }}", other.Render(Trusted, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://files.example.com/wg.exe")]
    [InlineData("https://files.example.com/a'b.msi")]
    [InlineData("")]
    public void An_installer_that_is_none_stops_the_start(string address) =>
        Assert.True(new WindowsOptionsValidator().Validate(null, new() { MsiArm64Url = address }).Failed);

    private string LineFor(ServerAddress address) =>
        new LinesAt(address, address.Pin is null ? null : WindowsScript.HashOf(_script.Render(address, null))).For(Token).Windows;

    /// <summary>As it is escaped.</summary>
    [GeneratedRegex(@"\\\{\\\{\\ [A-Za-z0-9]+\\ }}")]
    private static partial Regex Hole();
}
