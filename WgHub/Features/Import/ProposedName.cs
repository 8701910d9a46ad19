using System.Globalization;
using System.Text;
using WgHub.Features.Leases;

namespace WgHub.Features.Import;

/// <summary>Makes a spoke's name of what somebody called it elsewhere.</summary>
internal static class ProposedName
{
    private const int Longest = 55; // leaves room for a number behind it

    // The runtime is without the tables that would tell (InvariantGlobalization).
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿßÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝ";
    private const string Unaccented = "aaaaaaceeeeiiiinoooooouuuuyysAAAAAACEEEEIIIINOOOOOOUUUUY";

    /// <param name="taken">Names that are in use, by <see cref="SpokeName.Key"/>; the new one is added.</param>
    public static SpokeName For(string? wish, string publicKey, HashSet<string> taken)
    {
        var name = SpokeName.TryParse(wish, out var given)
            ? given
            : Of(Readable(wish ?? "")) ?? Of("peer-" + Readable(publicKey)[..Math.Min(8, Readable(publicKey).Length)])!;
        var free = name;
        for (var number = 2; !taken.Add(free.Key); number++)
        {
            free = Of(string.Create(CultureInfo.InvariantCulture, $"{name.Text[..Math.Min(name.Text.Length, Longest)]}-{number}"))!;
        }

        return free;
    }

    private static SpokeName? Of(string text) => SpokeName.TryParse(text, out var name) ? name : null;

    /// <summary>Letters lose their accents; every other run of what a name cannot hold becomes one hyphen.</summary>
    private static string Readable(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text.Select(Plain))
        {
            if (char.IsAsciiLetterOrDigit(c) || (c is '.' or '_' && name.Length > 0))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        return name.ToString()[..Math.Min(name.Length, Longest)].TrimEnd('-', '.', '_');
    }

    private static char Plain(char c) => Accented.IndexOf(c, StringComparison.Ordinal) is var place && place >= 0 ? Unaccented[place] : c;
}
