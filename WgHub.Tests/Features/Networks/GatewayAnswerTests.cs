using System.Net;
using System.Text;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Networks;

/// <summary>A spoke is told what lies behind it: when it registers, in both forms, and when its timer asks through the tunnel.</summary>
[Collection(nameof(MachineRoutes))]
public sealed class GatewayAnswerTests : HubTest
{
    private protected override TestHub Make() => new() { Settings = { ["Web:TrustedProxies"] = "127.0.0.1" } };

    [Fact]
    public async Task Both_of_a_networks_spokes_are_told_it_and_nobody_else()
    {
        var (first, second, other) = (await Hub.EnrolAsync(), await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await MakeAsync(new { name = "office", cidr = "10.77.0.0/16", via = first.Id, standby = second.Id, masquerade = true });
        await MakeAsync(new { name = "six", cidr = "fd77::/48", via = first.Id, masquerade = false });

        Assert.Contains("\n# Gateway = 10.77.0.0/16, fd77::/48\n# Masquerade = 10.77.0.0/16\n# End\n", await ConfAsync(first), StringComparison.Ordinal);
        Assert.Contains("\n# Gateway = 10.77.0.0/16\n# Masquerade = 10.77.0.0/16\n# End\n", await ConfAsync(second), StringComparison.Ordinal);
        Assert.DoesNotContain("Gateway", await ConfAsync(other), StringComparison.Ordinal);
        Assert.Matches(AnswerShape.Pattern, await ConfAsync(first)); // Windows takes it for a comment

        var json = (await Hub.RegisterAsync(first.Token, first.Key)).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"networks":["10.77.0.0/16","fd77::/48"],"masquerade":["10.77.0.0/16"]}""", json.Text("gateway"));

        Assert.EndsWith("\ngateway=10.77.0.0/16 fd77::/48\nmasquerade=10.77.0.0/16\nend\n", await AskAsync(first), StringComparison.Ordinal);
        Assert.EndsWith("\ngateway=\nmasquerade=\nend\n", await AskAsync(other), StringComparison.Ordinal);
    }

    private async Task MakeAsync(object body) => (await Hub.Operator.PostAsync("/api/networks", body)).Expect(HttpStatusCode.Created);

    private async Task<string> ConfAsync(Enrolled spoke) =>
        (await Hub.Nobody.SendAsync(
            HttpMethod.Post, "/api/spoke/register",
            new StringContent($$"""{"token":"{{spoke.Token}}","publicKey":"{{spoke.Key}}","os":"linux"}""", Encoding.UTF8, "application/json"),
            ("Accept", "text/plain")))
        .Expect(HttpStatusCode.OK).Body;

    private async Task<string> AskAsync(Enrolled spoke) =>
        (await Hub.Nobody.SendAsync(HttpMethod.Get, "/api/spoke/hub-keys", null, ("Accept", "text/plain"), ("X-Forwarded-For", spoke.Address)))
        .Expect(HttpStatusCode.OK).Body;
}
