using System.Net;
using AngleSharp.Html.Parser;
using WgHub.TestKit;

namespace WgHub.Features.Tls.Acme;

/// <summary>A hub whose authority is not there: what its administrator sees of it.</summary>
public sealed class AcmePageTests : TimedHubTest
{
    private protected override TestHub Make() => new()
    {
        IsSetUp = false,
        Time = Time,
        Urls = ["https://127.0.0.1:0"],
        Settings = new()
        {
            ["Tls:AcmeNames"] = "vpn.example.com, 192.0.2.7",
            ["Tls:AcmeAcceptTerms"] = "true",
            ["Tls:AcmeDirectory"] = "https://127.0.0.1:1/directory",
        },
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.True(
            await Eventually.TrueAsync(() => Hub.Get<AcmeOrders>().Last?.Said is not null, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failure_is_shown_with_what_to_do_and_when_it_is_tried_again()
    {
        var text = await TextAsync();

        Assert.Contains("The authority 127.0.0.1:1 cannot be reached.", text, StringComparison.Ordinal);
        Assert.Contains("vpn.example.com, 192.0.2.7", text, StringComparison.Ordinal);
        Assert.Contains("in 1 h, 2026-11-21 13:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("there is none yet", text, StringComparison.Ordinal);
        Assert.Contains("Try now", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_s_own_certificate_serves_meanwhile() =>
        Assert.Equal((CertificateSource.SelfSigned, HttpStatusCode.OK), (Hub.Get<Certificates>().Source, (await Hub.Nobody.GetAsync("/healthz")).Status));

    private async Task<string> TextAsync()
    {
        var page = await new HtmlParser().ParseDocumentAsync((await Hub.Admin.GetAsync("/settings/certificate")).Expect(HttpStatusCode.OK).Body);
        return string.Join(' ', page.QuerySelector("main")!.TextContent.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }
}
