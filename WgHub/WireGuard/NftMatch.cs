using System.Globalization;
using System.Text.Json;

namespace WgHub.WireGuard;

/// <summary>
/// Whether a packet is what a rule asks for, in the form that <c>nft -j</c> has (libnftables-json(5)). Null: it depends, or we do not know it.
/// </summary>
internal static class NftMatch
{
    /// <summary>Parts of a rule that let only some packets go on to its verdict.</summary>
    private static readonly string[] Doubtful = ["xt", "limit", "quota", "ct count", "synproxy"];

    /// <param name="part">A part of a rule: one that is no condition holds for every packet.</param>
    public static bool? Of(NftPacket packet, JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!part.TryGetProperty("match", out var match))
        {
            return Array.Exists(Doubtful, name => part.TryGetProperty(name, out _)) ? null : true;
        }

        var answer = Is(packet, match.GetProperty("left"), match.GetProperty("right"));
        return match.GetProperty("op").GetString() switch
        {
            "==" or "in" => answer,
            "!=" => !answer,
            _ => null,
        };
    }

    /// <summary>Whether what <paramref name="left"/> reads of the packet is <paramref name="right"/>, or one of it.</summary>
    public static bool? Is(NftPacket packet, JsonElement left, JsonElement right)
    {
        if (ListOf(right) is { } list)
        {
            var answers = list.EnumerateArray().Select(one => Is(packet, left, one)).ToList();
            return answers.Contains(true) ? true : answers.Contains(null) ? null : false;
        }

        if (left.ValueKind != JsonValueKind.Object || (right.ValueKind == JsonValueKind.String && right.GetString()!.StartsWith('@')))
        {
            return null; // a set with a name: what is in it may change at any time
        }

        return left.EnumerateObject().FirstOrDefault() switch
        {
            { Name: "meta" } meta => Meta(packet, TextOf(meta.Value, "key"), right),
            { Name: "ct" } state when TextOf(state.Value, "key") == "state" => TextOf(right) switch
            {
                "new" => packet.IsNew,
                "established" => !packet.IsNew,
                _ => false,
            },
            { Name: "payload" } payload => Payload(packet, TextOf(payload.Value, "protocol"), TextOf(payload.Value, "field"), right),
            _ => null,
        };
    }

    private static JsonElement? ListOf(JsonElement right) =>
        right.ValueKind == JsonValueKind.Array ? right
        : right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set", out var set) ? set
        : null;

    private static bool? Meta(NftPacket packet, string? key, JsonElement right) => key switch
    {
        "iifname" or "iif" => Name(packet.From, TextOf(right)),
        "oifname" or "oif" => Name(packet.To, TextOf(right)),
        "nfproto" => TextOf(right) == (packet.IsIPv6 ? "ipv6" : "ipv4"),
        "l4proto" => Protocol(packet, right),
        _ => null,
    };

    private static bool? Payload(NftPacket packet, string? protocol, string? field, JsonElement right) => (protocol, field) switch
    {
        ("ip", _) when packet.IsIPv6 => false,
        ("ip6", _) when !packet.IsIPv6 => false,
        ("ip", "protocol") or ("ip6", "nexthdr") => Protocol(packet, right),
        ("ip" or "ip6", "saddr") => Lies(packet.Sources, right),
        ("ip" or "ip6", "daddr") => Lies(packet.Destinations, right),
        ("udp" or "th", "dport") when packet.UdpPort is { } port => IsPort(port, right),
        ("tcp" or "icmp" or "icmpv6" or "sctp" or "dccp", _) when packet.UdpPort is not null => false,
        _ => null,
    };

    /// <summary>What comes from elsewhere or goes there never does so by the loopback.</summary>
    private static bool? Name(string? actual, string? asked) => asked switch
    {
        null => null,
        "lo" => actual == "lo",
        _ when actual is null => null,
        [.. var start, '*'] => actual.StartsWith(start, StringComparison.Ordinal),
        _ => actual == asked,
    };

    private static bool? Protocol(NftPacket packet, JsonElement right) => packet.UdpPort is null ? null : TextOf(right) is "udp" or "17";

    private static bool? IsPort(int port, JsonElement right) => right switch
    {
        { ValueKind: JsonValueKind.Number } => right.TryGetInt32(out var one) && one == port,
        { ValueKind: JsonValueKind.Object } when right.TryGetProperty("range", out var range) => (NumberOf(range[0]), NumberOf(range[1])) switch
        {
            ({ } first, { } last) => first <= port && port <= last,
            _ => null,
        },
        _ => null,
    };

    /// <returns>True for a network that holds all of them: any address of theirs is in it.</returns>
    private static bool? Lies(IReadOnlyList<Cidr> networks, JsonElement right)
    {
        if (networks.Count == 0 || NetworkOf(right) is not { } asked)
        {
            return null;
        }

        return networks.All(asked.Contains) ? true : networks.Any(asked.Overlaps) ? null : false;
    }

    private static Cidr? NetworkOf(JsonElement right)
    {
        var text = right.ValueKind == JsonValueKind.Object && right.TryGetProperty("prefix", out var prefix)
            ? string.Create(CultureInfo.InvariantCulture, $"{TextOf(prefix, "addr")}/{prefix.GetProperty("len").GetInt32()}")
            : TextOf(right) is { } address ? $"{address}/{(address.Contains(':', StringComparison.Ordinal) ? 128 : 32)}" : null;
        return Cidr.TryParseAround(text, out var network, out _) ? network : null;
    }

    private static int? NumberOf(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static string? TextOf(JsonElement value, string member) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(member, out var text) ? TextOf(text) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
