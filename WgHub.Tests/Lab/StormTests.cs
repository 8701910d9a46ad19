using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace WgHub.Lab;

/// <summary>Many at once, and a hub that dies among them.</summary>
[Trait("Kind", "Lab")]
public sealed class StormTests(UserspaceSite site) : IClassFixture<UserspaceSite>
{
    private const int Rounds = 4;
    private const int Registrations = 150;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ParallelOptions EightWorkers = new() { MaxDegreeOfParallelism = 8 };

    private readonly ConcurrentDictionary<string, string> _acknowledged = new();

    [Fact]
    public async Task A_hub_killed_among_registrations_forgets_nobody_and_invents_nobody()
    {
        var others = (await site.LivePeersAsync(Cancel)).Count;
        for (var round = 0; round < Rounds; round++)
        {
            var newcomers = await InvitesAsync($"round{round}");

            await KillInTheMiddleAsync(newcomers);
            AssertLive(_acknowledged, await site.LivePeersAsync(Cancel));

            await site.Hub.StartAsync(Cancel);
            Assert.True(await site.MirrorsItsListAsync(Limit, Cancel));
            AssertLive(_acknowledged, await site.LivePeersAsync(Cancel));

            await Parallel.ForEachAsync(newcomers.Where(one => !_acknowledged.ContainsKey(one.Key)), EightWorkers, RegisterAsync);
            var live = await site.LivePeersAsync(Cancel);
            AssertLive(_acknowledged, live);
            Assert.Equal(others + ((round + 1) * Registrations), live.Values.Distinct().Count());
            Assert.Equal(live.Count, (await site.Api.ListSpokesAsync(Cancel)).Count);
        }
    }

    [Fact]
    public async Task Nobody_else_disappears_while_spokes_come_and_go()
    {
        var staying = new ConcurrentDictionary<string, byte>();
        await using var watch = new LivePeerWatch(Path.Combine(site.Net.RunFolder, "wg0.sock"), staying);

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), EightWorkers, async (number, cancel) =>
        {
            var key = LabApi.NewPublicKey();
            var token = await site.Api.CreateTokenAsync($"passer-by-{number}", cancel);
            var spoke = await site.Api.RegisterAsync(token.Secret, key, cancel);
            staying[key] = 0;
            await site.Api.ChangeSpokeAsync(spoke.Id, new() { ["name"] = $"guest-{number}" }, cancel);
            if (number % 2 == 0)
            {
                staying.TryRemove(key, out _);
                await site.Api.RemoveSpokeAsync(spoke.Id, cancel);
            }
        });

        Assert.Empty(await watch.StopAsync());
        Assert.InRange(watch.Looks, 50, int.MaxValue);
        Assert.Equal(200, staying.Count);
    }

    private async Task<IReadOnlyList<Newcomer>> InvitesAsync(string name)
    {
        var newcomers = new ConcurrentBag<Newcomer>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Registrations), EightWorkers, async (number, cancel) =>
            newcomers.Add(new((await site.Api.CreateTokenAsync($"{name}-{number}", cancel)).Secret, LabApi.NewPublicKey())));
        return [.. newcomers];
    }

    private async Task KillInTheMiddleAsync(IReadOnlyList<Newcomer> newcomers)
    {
        var killAt = _acknowledged.Count + RandomNumberGenerator.GetInt32(5, Registrations - 5);
        var isTime = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var storm = Parallel.ForEachAsync(newcomers, EightWorkers, async (newcomer, cancel) =>
        {
            try
            {
                await RegisterAsync(newcomer, cancel);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // No answer: whether the hub has kept it is what the test will see.
            }

            if (_acknowledged.Count >= killAt)
            {
                isTime.TrySetResult();
            }
        });
        await isTime.Task.WaitAsync(Limit, Cancel);
        await site.Hub.KillAsync(Cancel);
        await storm;
    }

    private async ValueTask RegisterAsync(Newcomer newcomer, CancellationToken cancel) =>
        _acknowledged[newcomer.Key] = (await site.Api.RegisterAsync(newcomer.Token, newcomer.Key, cancel)).Address;

    private static void AssertLive(IReadOnlyDictionary<string, string> acknowledged, IReadOnlyDictionary<string, string> live) =>
        Assert.DoesNotContain(acknowledged, one => live.GetValueOrDefault(one.Key) != one.Value);

    private sealed record Newcomer(string Token, string Key);
}

/// <summary>A hub that uses wireguard-go in any case: its socket answers a thousand questions a second, wg a hundred.</summary>
public sealed class UserspaceSite : LabSite
{
    internal override Dictionary<string, string> Settings => new(base.Settings) { ["WireGuard__Userspace"] = "always" };
}
