using System.Net;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

public sealed partial class RouterSnippetTests : HubTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6, publicEndpoint = "[2001:db8::1]:51821" })).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("wg-quick")]
    [InlineData("openwrt")]
    [InlineData("mikrotik")]
    [InlineData("opnsense")]
    [InlineData("unifi")]
    public async Task Each_device_is_told_all_that_it_needs(string format)
    {
        var (secret, key, address) = await NewAsync();

        var snippet = await RegisterAsync(secret, key, format);

        var hubKey = (await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim();
        var presharedKey = (await Wg.RunAsync($"wg show {Hub.Interface} preshared-keys")).Trim().Split('\t')[1];
        Assert.All(
            [$"{address}/32", hubKey, presharedKey, "2001:db8::1", "51821", Hub.Network], needed => Assert.Contains(needed, snippet, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", snippet, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\n{3}|\r|[^\x0a\x20-\x7e]", snippet);
    }

    [Fact]
    public async Task OpenWrts_shell_hands_every_value_to_uci_as_it_is()
    {
        var (secret, key, address) = await NewAsync();
        var snippet = await RegisterAsync(secret, key, "openwrt");
        var privateKey = Path.Combine(Hub.Folder.FullName, "wghub.key");
        await File.WriteAllTextAsync(privateKey, "its own\n", Cancel);
        var script = "uci() { printf '%s\\n' \"$*\"; }\n"
            + snippet.Replace("/etc/wghub.key", privateKey, StringComparison.Ordinal).Replace("/etc/init.d/network", "true", StringComparison.Ordinal);

        var said = (await Shell.RunAsync(["busybox", "sh"], script, Cancel)).OrThrow().Split('\n');

        Assert.Contains("set network.wghub.private_key=its own", said);
        Assert.Contains($"add_list network.wghub.addresses={address}/32", said);
        Assert.Contains(
            said,
            line => line.StartsWith("add_list network.wghub.addresses=fd00:", StringComparison.Ordinal) && line.EndsWith("/128", StringComparison.Ordinal));
        Assert.Contains($"add_list network.wghub_hub.allowed_ips={Hub.Network}", said);
        Assert.Contains("set network.wghub_hub.endpoint_host=2001:db8::1", said);
        Assert.Contains("set network.wghub_hub=wireguard_wghub", said);
        Assert.All(said[..^1], line => Assert.Matches("^(-q delete|set|add_list|commit) network", line));
    }

    [Fact]
    public async Task RouterOS_is_given_whole_commands_of_known_names()
    {
        var (secret, key, address) = await NewAsync();

        var snippet = await RegisterAsync(secret, key, "mikrotik");

        var commands = snippet.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();
        Assert.Equal(
            ["/interface/wireguard/set", "/interface/wireguard/peers/add", "/ip/address/add", "/ipv6/address/add", "/ip/route/add", "/ipv6/route/add"],
            commands.Select(command => command.Split(' ')[0]));
        Assert.All(commands, command => Assert.Matches(RouterOsCommand(), command));
        Assert.Contains($"/ip/address/add interface=wghub address={address}/32", commands);
    }

    [Fact]
    public async Task What_the_hub_does_not_have_is_not_there()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = "", presharedKeys = false })).Expect(HttpStatusCode.OK);

        foreach (var format in new[] { "openwrt", "mikrotik", "opnsense", "unifi" })
        {
            var (secret, key, _) = await NewAsync();
            Assert.DoesNotMatch("(?i)(preshared|pre-shared|ipv6|fd00)", await RegisterAsync(secret, key, format));
        }
    }

    [Theory]
    [InlineData("cisco")]
    [InlineData("../router/openwrt")]
    [InlineData("")]
    public async Task A_format_that_is_none_is_refused_and_the_token_stays_good(string format)
    {
        var (secret, key, _) = await NewAsync();

        var refusal =
            (await Hub.Nobody.PostAsync($"/api/spoke/register?format={format}", new { token = secret, publicKey = key, os = "router" }))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal(["format"], refusal.Members("errors"));
        (await Hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("a\"b")]
    [InlineData("a$b")]
    [InlineData("a;b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    public void A_value_that_could_mean_something_to_a_router_gets_nowhere(string value) =>
        Assert.Throws<FormatException>(() => RouterValue.Check(value));

    private async Task<(string Secret, string Key, string Address)> NewAsync()
    {
        var (_, secret, address) = await Hub.TokenAsync();
        return (secret, Wg.NewKey(), address);
    }

    private async Task<string> RegisterAsync(string token, string publicKey, string format)
    {
        var answer =
            (await Hub.Nobody.PostAsync($"/api/spoke/register?format={format}", new { token, publicKey, os = "router" })).Expect(HttpStatusCode.Created);
        Assert.Equal("text/plain", answer.ContentType);
        return answer.Body;
    }

    [GeneratedRegex("""\A(/[a-z0-9]+)+( wghub)?( [a-z-]+=("[^"]*"|[A-Za-z0-9+/=.:,_-]+))+\z""")]
    private static partial Regex RouterOsCommand();
}
