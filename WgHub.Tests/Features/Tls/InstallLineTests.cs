using System.Net;
using System.Net.Http.Json;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Tls;

/// <summary>What a machine is told to run, so that it speaks with this hub and with nobody between.</summary>
public sealed class InstallLineTests
{
    [Fact]
    public async Task With_a_certificate_of_its_own_the_line_and_the_script_hold_on_to_the_hubs_key()
    {
        await using var hub = new TestHub { Urls = ["https://127.0.0.1:0"] };
        await hub.InitializeAsync();
        var pin = hub.Get<Certificates>().Current!.Pin;

        var line = await LineAsync(hub);
        Assert.StartsWith($"curl -fsSL --proto '=https' --tlsv1.2 -k --pinnedpubkey '{pin}' {hub.Url}/i/", line, StringComparison.Ordinal);
        Assert.EndsWith(" | sudo sh", line, StringComparison.Ordinal);

        var script = (await Shell.RunAsync(["sh", "-c", line[..^" | sudo sh".Length]], Cancel)).OrThrow();
        Assert.Contains($"\nHUB_PIN='{pin}' ", script, StringComparison.Ordinal);
    }

    /// <summary>The hash of the last address is kept; whoever comes by another one must not get it.</summary>
    [Fact]
    public async Task Each_name_of_the_hub_has_a_line_that_fits_the_script_served_under_it()
    {
        await using var hub = new TestHub { Urls = ["https://127.0.0.1:0"] };
        await hub.InitializeAsync();

        foreach (var name in new[] { "127.0.0.1", "localhost", "localhost", "127.0.0.1" })
        {
            var host = ("Host", $"{name}:{new Uri(hub.Url).Port}");
            var wish = JsonContent.Create(new { spokeName = Enrolling.NewName() });
            var made = (await hub.Operator.SendAsync(HttpMethod.Post, "/api/installation/token", wish, host)).Expect(HttpStatusCode.Created);
            var script = (await hub.Nobody.SendAsync(HttpMethod.Get, WindowsScript.Path, null, host)).Expect(HttpStatusCode.OK).Body;

            Assert.Contains($"'https://{name}:", script, StringComparison.Ordinal);
            Assert.Contains($"$h-ceq'{WindowsScript.HashOf(script)}'", made.Text("token", "commands", "windows"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_one_that_an_authority_vouches_for_there_is_no_key_to_hold_on_to()
    {
        using var authority = new TestAuthority();
        authority.Place(authority.Issue());
        await using var hub = new TestHub { Urls = ["https://127.0.0.1:0"], Settings = authority.Settings };
        await hub.InitializeAsync();

        Assert.StartsWith($"curl -fsSL --proto '=https' --tlsv1.2 {hub.Url}/i/", await LineAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_self_signed_one_from_a_file_the_key_is_that_of_the_file()
    {
        using var authority = new TestAuthority();
        await Shell.RunAsync(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=hub.test", "-keyout", authority.KeyFile, "-out",
                authority.CertificateFile], Cancel);
        await using var hub = new TestHub { Urls = ["https://127.0.0.1:0"], Settings = authority.Settings };
        await hub.InitializeAsync();

        Assert.Contains($" -k --pinnedpubkey '{hub.Get<Certificates>().Current!.Pin}' ", await LineAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_the_certificate_is_the_proxys()
    {
        await using var hub = new TestHub { Settings = new() { ["Web:PublicUrl"] = "https://vpn.example.com" } };
        await hub.InitializeAsync();

        Assert.StartsWith("curl -fsSL --proto '=https' --tlsv1.2 https://vpn.example.com/i/", await LineAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Called_over_this_machines_plain_listener_the_line_still_holds_on()
    {
        await using var hub =
            new TestHub { Urls = ["https://127.0.0.1:0", "http://127.0.0.1:0"], Settings = new() { ["Web:PublicUrl"] = "https://vpn.example.com" } };
        await hub.InitializeAsync();
        using var local =
            new ApiClient(
                hub.UrlOf("http:")!, (await hub.Get<Auth.Admin.ApiTokenService>().CreateAsync("local", "admin", null, Storage.Actor.Cli, Cancel)).Reveal());

        var answer = (await local.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Created);

        Assert.Contains(" --pinnedpubkey ", answer.Text("token", "commands", "linux"), StringComparison.Ordinal);
    }

    private static async Task<string> LineAsync(TestHub hub) =>
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = "oslo" }))
            .Expect(HttpStatusCode.Created)
            .Text("token", "commands", "linux")!;
}
