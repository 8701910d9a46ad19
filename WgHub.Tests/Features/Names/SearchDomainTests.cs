using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Names;

/// <summary>The domain of names goes to spokes beside the DNS servers, in the form that each takes.</summary>
public sealed class SearchDomainTests : HubTest
{
    private const string Domain = "vpn-1.example.internal";

    private protected override TestHub Make() => new() { Settings = { ["Policy:Domain"] = Domain } };

    [Theory]
    [InlineData("wg-quick", $"DNS = 10.8.0.1, fd00::1, {Domain}\n")]
    [InlineData("openwrt", $"uci add_list dhcp.@dnsmasq[0].server='/{Domain}/10.8.0.1'\n")]
    [InlineData("openwrt", $"uci add_list dhcp.@dnsmasq[0].rebind_domain='{Domain}'\n")]
    [InlineData("mikrotik", $"/ip/dns/static/add name={Domain} type=FWD match-subdomain=yes forward-to=10.8.0.1 ")]
    [InlineData("opnsense", $"domain {Domain}, server 10.8.0.1.\n")]
    public async Task Each_device_is_told_it(string format, string expected)
    {
        await GiveDnsAsync();

        var snippet = await RegisterAsync($"?format={format}");

        Assert.Contains(expected, snippet, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", snippet, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\n{3}|\r|[^\x0a\x20-\x7e]", snippet);
    }

    [Theory]
    [InlineData("wg-quick")]
    [InlineData("openwrt")]
    [InlineData("mikrotik")]
    [InlineData("opnsense")]
    [InlineData("unifi")]
    public async Task Without_a_server_that_knows_it_nobody_is(string format) =>
        Assert.DoesNotContain(Domain, await RegisterAsync($"?format={format}"), StringComparison.Ordinal);

    [Fact]
    public async Task The_answer_is_one_that_the_scripts_take()
    {
        await GiveDnsAsync();
        using var pieces = new InstallPieces();
        var answer = await RegisterAsync("");
        pieces.Write("answer", answer);

        Assert.Matches(new Regex(AnswerShape.Pattern, RegexOptions.CultureInvariant), answer);
        Assert.DoesNotMatch(AnswerShape.Pattern, answer.Replace(Domain, $"{Domain}, {Domain}", StringComparison.Ordinal));
        Assert.DoesNotMatch(AnswerShape.Pattern, answer.Replace(Domain, "a;b", StringComparison.Ordinal));
        Assert.Equal(
            $"10.8.0.1, fd00::1, {Domain}\n",
            (await pieces.RunAsync("dash", $"TMP={pieces.PathOf("")}\ncheck_answer; setting DNS")).OrThrow());
    }

    [Fact]
    public async Task Programs_are_told_it_apart()
    {
        var (_, token, _) = await Hub.TokenAsync();
        Assert.Null((await Hub.RegisterAsync(token, Wg.NewKey())).At("hub", "searchDomain").GetString());
        await GiveDnsAsync();
        (_, token, _) = await Hub.TokenAsync();

        Assert.Equal(Domain, (await Hub.RegisterAsync(token, Wg.NewKey())).Text("hub", "searchDomain"));
        Assert.Equal(Domain, (await Hub.Viewer.GetAsync("/api/hub/config")).Text("searchDomain"));
    }

    private async Task GiveDnsAsync() =>
        (await Hub.Admin.PutAsync("/api/hub/config", new { dns = new[] { "10.8.0.1", "fd00::1" } })).Expect(HttpStatusCode.OK);

    private async Task<string> RegisterAsync(string query)
    {
        var (_, token, _) = await Hub.TokenAsync();
        var body = JsonContent.Create(new { token, publicKey = Wg.NewKey(), os = "router" });
        return (await Hub.Nobody.SendAsync(HttpMethod.Post, $"/api/spoke/register{query}", body, ("Accept", "text/plain"))).Expect(HttpStatusCode.Created).Body;
    }
}
