using System.Net;

namespace WgHub.TestKit;

/// <summary>A spoke that a test has taken in.</summary>
internal sealed record Enrolled(string Id, string Name, string Address, string Key, string TokenId, string Token);

internal static class Enrolling
{
    private static int _names;

    public static string NewName() => $"spoke-{Interlocked.Increment(ref _names)}";

    /// <summary>Makes a token; the answer's member <c>token</c>.</summary>
    public static async Task<(string Id, string Secret, string Address)> TokenAsync(this TestHub hub, string? name = null)
    {
        var answer = (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name ?? NewName() })).Expect(HttpStatusCode.Created);
        return (answer.Text("token", "id")!, answer.Text("token", "token")!, answer.At("token", "allowedIPs")[0].GetString()!.Split('/')[0]);
    }

    public static Task<Answer> RegisterAsync(this TestHub hub, string token, string key) =>
        hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = key, os = "linux" });

    /// <summary>A token and its registration.</summary>
    public static async Task<Enrolled> EnrolAsync(this TestHub hub, string? name = null)
    {
        name ??= NewName();
        var (id, secret, address) = await hub.TokenAsync(name);
        var key = Wg.NewKey();
        var answer = (await hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.Created);
        return new(answer.Text("spoke", "id")!, name, address, key, id, secret);
    }

    /// <summary>Sets a hub up, by whatever it is reached, and takes one spoke in.</summary>
    /// <returns>The spoke's key.</returns>
    public static async Task<string> SetUpWithSpokeAsync(this ApiClient admin, object setUp)
    {
        (await admin.PostAsync("/api/hub/initialize", setUp)).Expect(HttpStatusCode.Created);
        var token = (await admin.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Created).Text("token", "token");
        var key = Wg.NewKey();
        (await admin.PostAsync("/api/spoke/register", new { token, publicKey = key, os = "linux" })).Expect(HttpStatusCode.Created);
        return key;
    }
}
