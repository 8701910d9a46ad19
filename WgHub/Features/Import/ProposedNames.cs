using System.Globalization;
using WgHub.Features.Leases;

namespace WgHub.Features.Import;

/// <summary>Makes spokes' names of what somebody called them elsewhere, no two the same; each costs the same, however many are alike.</summary>
/// <param name="taken">Names that are in use, by <see cref="SpokeName.Key"/>; new ones are added.</param>
internal sealed class ProposedNames(HashSet<string> taken)
{
    private const int Longest = 55; // leaves room for a number behind it

    private readonly Dictionary<string, int> _next = [];

    public SpokeName For(string? wish, string publicKey)
    {
        var name = SpokeName.TryParse(wish, out var given) ? given : Of(PlainText.NameOf(wish ?? "", Longest)) ?? OfKey(publicKey);
        if (taken.Add(name.Key))
        {
            return name;
        }

        var stem = name.Text[..Math.Min(name.Text.Length, Longest)];
        for (var number = _next.GetValueOrDefault(SpokeName.KeyOf(stem), 2); ; number++)
        {
            if (Of(string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}"))! is var free && taken.Add(free.Key))
            {
                _next[SpokeName.KeyOf(stem)] = number + 1;
                return free;
            }
        }
    }

    private static SpokeName OfKey(string publicKey)
    {
        var plain = PlainText.NameOf(publicKey, Longest);
        return Of("peer-" + plain[..Math.Min(8, plain.Length)])!;
    }

    private static SpokeName? Of(string text) => SpokeName.TryParse(text, out var name) ? name : null;
}
