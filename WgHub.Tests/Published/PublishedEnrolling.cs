using System.Net;
using WgHub.TestKit;

namespace WgHub.Published;

/// <summary>The way from a new hub to a live peer, by the API alone.</summary>
internal static class PublishedEnrolling
{
    public static async Task SetUpAsync(this PublishedHub hub, ApiClient admin) =>
        (await admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.90.0.0/22", listenPort = hub.ListenPort, publicEndpoint = "vpn.example.com" }))
            .Expect(HttpStatusCode.Created);

    /// <returns>The token's secret.</returns>
    public static async Task<string> TokenAsync(this ApiClient admin, string spokeName) =>
        (await admin.PostAsync("/api/installation/token", new { spokeName })).Expect(HttpStatusCode.Created).Text("token", "token")!;

    /// <summary>Makes a token and registers a new key with it.</summary>
    /// <returns>The key.</returns>
    public static async Task<string> EnrolAsync(this ApiClient admin, string spokeName)
    {
        var publicKey = Wg.NewKey();
        var token = await admin.TokenAsync(spokeName);
        (await admin.PostAsync("/api/spoke/register", new { token, publicKey, os = "linux" })).Expect(HttpStatusCode.Created);
        return publicKey;
    }
}
