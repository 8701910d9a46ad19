namespace WgHub.Lab;

/// <summary>A hub with a certificate of its own, and a machine that has nothing but the line.</summary>
[Trait("Kind", "Lab")]
public sealed class HttpsInstallTests(HttpsSite site) : IClassFixture<HttpsSite>
{
    [Fact]
    public async Task The_line_that_holds_on_to_the_hubs_key_connects_and_takes_off_again()
    {
        var spoke = await site.Net.BootAsync("oslo", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("oslo", Cancel);
        Assert.Contains(" --pinnedpubkey 'sha256//", token.Line, StringComparison.Ordinal);
        Assert.Contains(LabHub.HttpsUrl, token.Line, StringComparison.Ordinal);

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));

        (await spoke.PasteAsync(token.UninstallLine, Cancel)).OrThrow();
        Assert.DoesNotContain(await site.Api.ListSpokesAsync(Cancel), one => one.Name == "oslo");
    }

    [Fact]
    public async Task Another_key_than_the_lines_is_refused_before_anything_is_done()
    {
        var spoke = await site.Net.BootAsync("turin", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("turin", Cancel);
        var start = token.Line.IndexOf("sha256//", StringComparison.Ordinal);
        var forged = token.Line.Replace(token.Line[start..token.Line.IndexOf('\'', start)], $"sha256//{new string('A', 43)}=", StringComparison.Ordinal);

        var download = await spoke.PasteAsync(forged.Replace(" | sudo sh", " >/dev/null", StringComparison.Ordinal), Cancel);
        await spoke.PasteAsync(forged, Cancel);

        Assert.Equal(90, download.ExitCode);
        Assert.Equal("", (await spoke.RunAsync(["sh", "-c", "ls /etc/wireguard"], Cancel)).Output);
        Assert.DoesNotContain(await site.Api.ListSpokesAsync(Cancel), one => one.Name == "turin");
    }

    [Fact]
    public async Task The_script_itself_refuses_another_key_and_leaves_the_token_untouched()
    {
        var spoke = await site.Net.BootAsync("lyon", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("lyon", Cancel);

        var result =
            await spoke.PasteAsync(
                token.Line.Replace("| sudo sh", $"| sed 's|^HUB_PIN=.*|HUB_PIN=sha256//{new string('A', 43)}=|' | sudo sh", StringComparison.Ordinal), Cancel);

        Assert.Equal(4, result.ExitCode);
        Assert.DoesNotContain(await site.Api.ListSpokesAsync(Cancel), one => one.Name == "lyon");
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
    }
}

/// <summary>Its lines lead to https.</summary>
public sealed class HttpsSite : LabSite
{
    internal override Dictionary<string, string> Settings => new(base.Settings) { ["Web__PublicUrl"] = LabHub.HttpsUrl };
}
