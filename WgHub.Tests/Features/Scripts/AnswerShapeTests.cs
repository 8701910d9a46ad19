using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

public sealed class AnswerShapeTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly Regex Shape = new(AnswerShape.Pattern, RegexOptions.CultureInvariant);

    public static TheoryData<string, string> Forgeries => new()
    {
        { "# End\n", "" },
        { "# End\n", "# End\n\n[Peer]\n" },
        { "[Peer]\n", "PostUp = calc.exe\n\n[Peer]\n" },
        { "[Peer]\n", "[Peer]\nPublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAllowedIPs = 0.0.0.0/1\n\n[Peer]\n" },
        { "AllowedIPs = ", "AllowedIPs = 0.0.0.0/0, " },
        { "AllowedIPs = ", "AllowedIPs = 0.0.0.0/0, ::/0, " },
        { "AllowedIPs = ", "AllowedIPs = 0.0.0.0/1, 128.0.0.0/1, " },
        { "AllowedIPs = ", "AllowedIPs = 8.0.0.0/5, " },
        { "AllowedIPs = ", "AllowedIPs = ::/0, " },
        { "AllowedIPs = ", "AllowedIPs = ::/1, 8000::/1, " },
        { "AllowedIPs = ", "AllowedIPs = 2000::/3, " },
        { "Address = ", "Address = 10.9.0.1/8, " },
        { "PrivateKey = \n", "PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" },
        { "Endpoint = ", "Endpoint = a b" },
        { "# PrivateEndpoint = ", "# PrivateEndpoint = x y" },
        { "# PrivateEndpoint = ", "# PrivateEndpoint = 10.0.0.1:1\n# PrivateEndpoint = " },
        { "\n", "\r\n" },
    };

    [Fact]
    public async Task Each_answer_of_the_hub_has_it()
    {
        var plain = await AnswerAsync();
        (await hub.Admin.PutAsync(
            "/api/hub/config", new { dns = new[] { "10.8.0.1", "fd00::1" }, privateEndpoint = "192.168.1.15:51820", publicEndpoint = "[2001:db8::1]:51820" }))
            .Expect(HttpStatusCode.OK);
        var full = await AnswerAsync();
        (await hub.Admin.PutAsync("/api/hub/config", new { presharedKeys = false })).Expect(HttpStatusCode.OK);
        var open = await AnswerAsync();

        Assert.All([plain, full, open], answer => Assert.Matches(Shape, answer));
        Assert.Contains("DNS = 10.8.0.1, fd00::1\n", full, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task One_that_holds_anything_else_has_it_not(string part, string instead)
    {
        (await hub.Admin.PutAsync("/api/hub/config", new { privateEndpoint = "192.168.1.15:51820" })).Expect(HttpStatusCode.OK);
        var answer = await AnswerAsync();

        Assert.Contains(part, answer, StringComparison.Ordinal);
        Assert.DoesNotMatch(Shape, answer.Replace(part, instead, StringComparison.Ordinal));
    }

    private async Task<string> AnswerAsync()
    {
        var (_, token, _) = await hub.TokenAsync();
        return (await hub.Nobody.SendAsync(
            HttpMethod.Post, "/api/spoke/register", JsonContent.Create(new { token, publicKey = Wg.NewKey(), os = "windows" }), ("Accept", "text/plain")))
                .Expect(HttpStatusCode.Created)
                .Body;
    }
}
