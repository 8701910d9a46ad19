using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace WgHub.Browser;

/// <summary>All that a page's browser sends, as its own developer tools see it: addresses, headers, bodies and websockets.</summary>
internal sealed class NetworkLog
{
    private static readonly string[] Events =
    [
        "Network.requestWillBeSent", "Network.requestWillBeSentExtraInfo", "Network.webSocketCreated", "Network.webSocketFrameSent", "Network.webTransportCreated",
    ];

    private readonly ConcurrentQueue<string> _sent = new();

    private NetworkLog()
    {
    }

    public static async Task<NetworkLog> StartAsync(IPage page)
    {
        var log = new NetworkLog();
        var session = await page.Context.NewCDPSessionAsync(page);
        foreach (var name in Events)
        {
            session.Event(name).OnEvent += (_, happened) => log.Add(happened!.Value);
        }

        await session.SendAsync("Network.enable", new() { ["maxPostDataSize"] = 1 << 20 });
        return log;
    }

    /// <summary>True when it was sent as a text, also inside another one.</summary>
    public bool Holds(string text) => _sent.Any(sent => sent.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// True when the bytes were sent in any of the ways in which a script would write them. The ends of a key are left out: curves change some
    /// bits there.
    /// </summary>
    public bool Holds(byte[] key)
    {
        var middle = key[3..30]; // a multiple of three, so that it is whole in base64
        var text = Convert.ToBase64String(middle);
        return Holds(text)
            || Holds(text.Replace('+', '-').Replace('/', '_'))
            || Holds(Convert.ToHexString(middle))
            || Holds(string.Join(',', middle))
            || Holds(Encoding.Latin1.GetString(middle));
    }

    /// <summary>Every text in there: as it is, unescaped as an address is, and the bodies that are given in base64.</summary>
    private void Add(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _sent.Enqueue(member.Name);
                    Add(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var one in value.EnumerateArray())
                {
                    Add(one);
                }

                break;
            case JsonValueKind.String:
                var text = value.GetString()!;
                _sent.Enqueue(text);
                _sent.Enqueue(Uri.UnescapeDataString(text));
                if (value.TryGetBytesFromBase64(out var bytes))
                {
                    _sent.Enqueue(Encoding.Latin1.GetString(bytes));
                }

                break;
        }
    }
}
