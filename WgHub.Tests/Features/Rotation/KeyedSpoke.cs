using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Rotation;

/// <summary>A spoke that can prove itself. What comes through the tunnel is told here by a trusted proxy; the Lab has the real one.</summary>
internal sealed record KeyedSpoke(TestHub Hub, string Id, string Token, string Address, WgKey Key, string PresharedKey)
{
    /// <summary>The address that every hub of these tests takes for its proxy's.</summary>
    public const string Proxy = "127.0.0.2";

    public static async Task<KeyedSpoke> EnrolAsync(TestHub hub)
    {
        var (_, token, address) = await hub.TokenAsync();
        var key = await WgKey.NewAsync();
        var answer = (await hub.RegisterAsync(token, key.Public)).Expect(System.Net.HttpStatusCode.Created);
        return new(hub, answer.Text("spoke", "id")!, token, address, key, answer.Text("presharedKey")!);
    }

    public async Task<Answer> BeginAsync(string next) => await SendAsync("", await BodyAsync("begin", Key.Public, next));

    /// <param name="presharedKey">The one that came with the new key.</param>
    public async Task<Answer> FinishAsync(string next, string presharedKey) =>
        await SendAsync("/finish", new { publicKey = Key.Public, newPublicKey = next, proof = await ProofAsync("finish", presharedKey, Key.Public, next) });

    public async Task<object> BodyAsync(string step, string old, string next) =>
        new { publicKey = old, newPublicKey = next, proof = await ProofAsync(step, PresharedKey, old, next) };

    /// <param name="from">Null for its own address in the tunnel.</param>
    public Task<Answer> SendAsync(string path, object body, string? from = null) =>
        Hub.Client(null, from: Proxy).SendAsync(HttpMethod.Post, $"/api/spoke/rotate{path}", JsonContent.Create(body), ("X-Forwarded-For", from ?? Address));

    /// <summary>As the install script makes it.</summary>
    public async Task<string> ProofAsync(string step, string presharedKey, string old, string next)
    {
        var hub = (await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim();
        return Keyed(Keyed($"{step}\n{hub}\n{old}\n{next}"));

        string Keyed(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{presharedKey}\n{text}\n")));
    }
}
