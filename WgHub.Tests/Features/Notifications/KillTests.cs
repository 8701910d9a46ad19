using System.Net;
using System.Text.Json;
using WgHub.Cli;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>The real hub, killed again and again while it has much to tell.</summary>
public sealed class KillTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Twenty_kills_under_load_lose_nothing_and_repeat_only_what_was_not_acknowledged()
    {
        using var wghub = new Wghub();
        await using var receiver = new Receiver();
        var token = (await wghub.RunAsync("api-token", "create", "--name", "test", "--role", "admin")).OrThrow().Trim();
        HashSet<string> made = [];
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var hub = await RunningHub.StartAsync(
                wghub, "wgtkill", ("WGHUB_Notifications__AllowLoopback", "true"), ("WGHUB_Limits__TokensPerHourPerIp", "0"));
            using var client = new ApiClient(hub.Address, token);
            if (kill == 0)
            {
                (await client.PostAsync(
                    "/api/hub/initialize", new { networkCIDR = "10.77.0.0/20", listenPort = 30999, publicEndpoint = "vpn.example.com" }))
                    .Expect(HttpStatusCode.Created);
                var wish = new { name = "all", kind = "webhook", target = receiver.Url("/200"), events = new[] { "group.changed" } };
                (await client.PostAsync("/api/notifications", wish)).Expect(HttpStatusCode.Created);
            }

            if (kill < Kills)
            {
                var name = $"group-{kill}";
                var names = Enumerable.Range(0, 20).Select(one => $"spoke-{kill}-{one}");
                var load = names.Select(spokeName => client.PostAsync("/api/installation/token", new { spokeName })).ToList();
                (await client.PutAsync($"/api/groups/{name}", new { routes = "all" })).Expect(HttpStatusCode.OK);
                made.Add(name); // it was answered: from here on it must be told
                await Task.WhenAll(load);
                await Task.Delay(TimeSpan.FromMilliseconds(150 * kill), TimeProvider.System, Cancel); // at another moment each time
                Shell.Kill(hub.ProcessId);
                continue;
            }

            Assert.True(
                await Eventually.TrueAsync(() => made.IsSubsetOf(Names(receiver)), TimeSpan.FromSeconds(100), Cancel),
                $"Lost: {string.Join(' ', made.Except(Names(receiver)))}");
            await hub.StopAsync();
        }

        // The same message again has the same id, and no event came under two: it is told once, or again after a kill.
        var messages = receiver.All.DistinctBy(one => one.Id).ToList();
        Assert.Equal(made.Order(), messages.Select(one => NameIn(one.Body)).Order());
        Assert.InRange(receiver.All.Count - messages.Count, 0, Kills);
    }

    private static HashSet<string> Names(Receiver receiver) => [.. receiver.All.Select(one => NameIn(one.Body))];

    private static string NameIn(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("data").GetProperty("subject").GetProperty("name").GetString()!;
    }
}
