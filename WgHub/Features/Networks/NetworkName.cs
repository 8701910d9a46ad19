using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>A network's name: as a spoke's, so that rules name both in one way.</summary>
internal sealed partial record NetworkName
{
    public const string Rule = "1 to 63 letters, digits, '.', '-' or '_', beginning with a letter or digit.";

    private const int LongestOwner = 19;

    private NetworkName(string text) => Text = text;

    public string Text { get; }

    /// <summary>What two names may not share: they differ by more than upper and lower case.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "ASCII alone, and lower case is what host names have.")]
    public string Key => Text.ToLowerInvariant();

    public static bool TryParse(string? text, [NotNullWhen(true)] out NetworkName? name)
    {
        name = text is not null && Shape().IsMatch(text) ? new(text) : null;
        return name is not null;
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static NetworkName Parse(string text) => TryParse(text, out var name) ? name : throw new FormatException("Not the name of a network.");

    /// <summary>For one that nobody has named, behind a spoke. There is each network once, so nobody else is called so.</summary>
    public static NetworkName For(string spoke, Cidr network) =>
        new($"{(spoke.Length > LongestOwner ? spoke[..LongestOwner] : spoke)}-{network.ToString().Replace('/', '-').Replace(':', '-')}");

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
