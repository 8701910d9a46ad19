using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>A hub whose webhooks may go to this machine, a clock that the test turns, and a receiver.</summary>
public abstract class NotificationTest : TimedHubTest
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected Receiver Receiver { get; } = new();

    private protected override TestHub Make() => new() { Time = Time, Settings = { ["Notifications:AllowLoopback"] = "true" } };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A channel that goes to a path of the receiver; its id and secret.</summary>
    private protected async Task<(string Id, string Secret)> ChannelAsync(string path, object? more = null, string? name = null, params string[] events)
    {
        var wish = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        wish["name"] = name ?? $"channel {Guid.NewGuid():N}";
        wish["kind"] = "webhook";
        wish["target"] = path.StartsWith('/') ? Receiver.Url(path) : path;
        wish["events"] ??= JsonSerializer.SerializeToNode(events.Length > 0 ? events : ["token.created"]);
        var made = (await Hub.Admin.PostAsync("/api/notifications", wish)).Expect(HttpStatusCode.Created);
        return (made.Text("channel", "id")!, made.Text("secret")!);
    }

    /// <summary>Makes something happen.</summary>
    private protected async Task<string> HappenAsync(string? name = null, string? group = null)
    {
        name ??= Enrolling.NewName();
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = name, group })).Expect(HttpStatusCode.Created);
        return name;
    }

    private protected async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(string channel, string? state = null) =>
        [.. (await Hub.Admin.GetAsync($"/api/notifications/{channel}/deliveries{(state is null ? "" : $"?state={state}")}")).Expect(HttpStatusCode.OK)
            .At("deliveries").EnumerateArray()];

    /// <summary>Waits until a delivery of the channel is as it should be; the newest.</summary>
    private protected async Task<JsonElement> DeliveryAsync(string channel, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        Assert.True(
            await Eventually.TrueAsync(
                async () => (found = (await DeliveriesAsync(channel)).FirstOrDefault(isSo)).ValueKind == JsonValueKind.Object, Patience, Cancel),
            string.Join('\n', await DeliveriesAsync(channel)));
        return found;
    }

    private protected Task<JsonElement> DeliveryAsync(string channel, string state) =>
        DeliveryAsync(channel, delivery => delivery.GetProperty("state").GetString() == state);

    private protected async Task ReceivedAsync(int count) =>
        Assert.True(
            await Eventually.TrueAsync(() => Receiver.All.Count >= count, Patience, Cancel),
            $"{Receiver.All.Count} of {count} came: {string.Join(' ', Receiver.All.Select(one => one.Type))}");

    private protected Task CollectAsync() => Hub.Get<Outbox>().RunOnceAsync(Cancel);
}
