namespace WgHub.Features.Auth.Oidc;

/// <summary>The same throws at each run (splitmix64), so that a failure comes again.</summary>
internal sealed class Dice(ulong seed)
{
    private const string Signs = "AZaz09-_.=+/ \n\0\u00e4{}[]\":,";

    private ulong _state = seed;

    /// <summary>Changes one to three places: another sign, one more, one less, two swapped, a piece twice.</summary>
    public string Mutate(string text)
    {
        for (var n = Throw(3) + 1; n > 0; n--)
        {
            var at = Throw(text.Length - 1);
            text = Throw(6) switch
            {
                0 => text[..at] + Signs[Throw(Signs.Length)] + text[at..],
                1 => text[..at] + text[(at + 1)..],
                2 => text[..at] + text[at + 1] + text[at] + text[(at + 2)..],
                3 => text[..at] + text[Throw(at + 1)..],
                _ => text[..at] + Signs[Throw(Signs.Length)] + text[(at + 1)..],
            };
        }

        return text;
    }

    /// <summary>Sets one to three bytes to any value.</summary>
    public byte[] Mutate(byte[] bytes)
    {
        byte[] mutant = [.. bytes];
        for (var n = Throw(3) + 1; n > 0; n--)
        {
            mutant[Throw(mutant.Length)] = (byte)Throw(256);
        }

        return mutant;
    }

    private int Throw(int sides)
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (int)((z ^ (z >> 31)) % (ulong)sides);
    }
}
