using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Names;

/// <summary>The documented name servers tell what the hub has written, also after a change.</summary>
public sealed class NameServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _names = Directory.CreateTempSubdirectory("wghub-names-");
    private readonly TestHub _hub;

    public NameServerTests() =>
        _hub = new() { Settings = { ["Policy:Domain"] = "example.internal", ["Policy:HostsFile"] = Path.Combine(_names.FullName, "hosts") } };

    public async ValueTask InitializeAsync()
    {
        await _hub.InitializeAsync();
        (await _hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = _hub.Network6 })).Expect(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _names.Delete(recursive: true);
    }

    [Theory]
    [InlineData("dnsmasq")]
    [InlineData("unbound")]
    [InlineData("coredns")]
    public async Task A_spoke_is_found_by_its_name_in_both_families_and_by_the_new_one_after_a_change(string program)
    {
        var (spoke, gone) = (await _hub.EnrolAsync("Oslo.North"), await _hub.EnrolAsync("gone"));
        (await _hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { addressV6 = Six(42) })).Expect(HttpStatusCode.OK);
        await PassAsync();
        await using var server = await NameServer.StartAsync(program, _names.FullName, "hub.example.internal", Cancel);
        Assert.Equal($"{spoke.Address},{Six(42)}", await AskAsync("oslo.north.example.internal"));
        Assert.NotEqual("", await AskAsync("gone.example.internal"));
        Assert.Equal("", await AskAsync("nobody.example.internal"));

        (await _hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = "bergen", addressV6 = Six(43) })).Expect(HttpStatusCode.OK);
        (await _hub.Operator.DeleteAsync($"/api/spoke/{gone.Id}")).Expect(HttpStatusCode.OK);
        await PassAsync();
        await server.FollowAsync(Cancel);

        Assert.True(
            await Eventually.TrueAsync(async () => await AskAsync("bergen.example.internal") == $"{spoke.Address},{Six(43)}", Limit, Cancel),
            await AskAsync("bergen.example.internal"));
        Assert.Equal("", await AskAsync("oslo.north.example.internal"));
        Assert.Equal("", await AskAsync("gone.example.internal"));

        Task<string?> AskAsync(string name) => DnsQuestion.AskAsync(server.Port, name, Cancel);
    }

    private string Six(int host) => $"{_hub.Network6.Split("::/")[0]}::{host}";

    private Task PassAsync() => _hub.Get<HostsLoop>().RunOnceAsync(Cancel);
}
