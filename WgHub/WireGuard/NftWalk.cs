using System.Text.Json;

namespace WgHub.WireGuard;

/// <summary>
/// Leads a packet through the chains of a table, as the kernel would, as far as their rules can be understood. A rule that may hold or may
/// not decides nothing, but that an accept is believed where <paramref name="believesAccepts"/>.
/// </summary>
/// <param name="rules">By the name of their chain, in their order.</param>
internal sealed class NftWalk(NftPacket packet, ILookup<string, NftRuleLine> rules, bool believesAccepts)
{
    private const int DeepestJump = 16; // NFT_JUMP_STACK_SIZE

    /// <param name="chain">A base chain.</param>
    /// <returns>False also for one with rules of a form that we do not know: nothing is told of what is not understood.</returns>
    public bool IsDropped(NftChain chain)
    {
        try
        {
            return (Walk(chain.Name, 0) ?? chain.Policy) == "drop";
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            return false;
        }
    }

    /// <returns><c>accept</c>, <c>drop</c>, or null when the chain says nothing.</returns>
    private string? Walk(string chain, int depth)
    {
        foreach (var rule in depth > DeepestJump ? [] : rules[chain])
        {
            var (holds, verdict, target) = Read(rule);
            if (holds == false || verdict is null)
            {
                continue;
            }

            if (verdict is "jump" or "goto")
            {
                var deeper = Walk(target!, depth + 1);
                if (deeper is not null && Counts(holds, deeper))
                {
                    return deeper;
                }

                if (verdict == "goto" && holds == true)
                {
                    return null;
                }
            }
            else if (Counts(holds, verdict))
            {
                return verdict == "return" ? null : verdict;
            }
        }

        return null;
    }

    private bool Counts(bool? holds, string verdict) => holds == true || (believesAccepts && verdict == "accept");

    private (bool? Holds, string? Verdict, string? Target) Read(NftRuleLine rule)
    {
        bool? holds = true;
        foreach (var part in rule.Expressions)
        {
            if (VerdictOf(part) is var (verdict, target))
            {
                return (holds, verdict, target);
            }

            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("vmap", out var map))
            {
                var (isKnown, chosen, to) = Choose(map);
                return (isKnown ? holds : holds == false ? false : null, chosen, to);
            }

            holds = NftMatch.Of(packet, part) switch
            {
                false => false,
                null when holds == true => null,
                _ => holds,
            };
        }

        return (holds, null, null);
    }

    /// <summary>A map of verdicts: the entry that is the packet's.</summary>
    private (bool IsKnown, string? Verdict, string? Target) Choose(JsonElement map)
    {
        if (map.GetProperty("data") is not { ValueKind: JsonValueKind.Object } data || !data.TryGetProperty("set", out var entries))
        {
            return (false, null, null); // a map with a name
        }

        foreach (var entry in entries.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2))
        {
            if (NftMatch.Is(packet, map.GetProperty("key"), entry[0]) is not false and var holds)
            {
                return VerdictOf(entry[1]) is var (verdict, target) ? (holds == true, verdict, target) : (false, null, null);
            }
        }

        return (true, null, null);
    }

    /// <returns>Null for a part of a rule that is none.</returns>
    private static (string Verdict, string? Target)? VerdictOf(JsonElement part) =>
        part.ValueKind != JsonValueKind.Object ? null : part.EnumerateObject().FirstOrDefault() switch
        {
            { Name: "accept" or "drop" or "return" } end => (end.Name, null),
            { Name: "reject" } => ("drop", null),
            { Name: "jump" or "goto" } way => (way.Name, way.Value.GetProperty("target").GetString()),
            _ => null,
        };
}
