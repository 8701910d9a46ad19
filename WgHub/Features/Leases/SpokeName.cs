using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace WgHub.Features.Leases;

/// <summary>
/// A spoke's name: ASCII letters, digits, dot, hyphen and underscore, 1 to 63, first a letter or digit. Fit for a file name, a conf comment and
/// a host name.
/// </summary>
internal sealed partial record SpokeName
{
    public const string Rule = "1 to 63 letters, digits, '.', '-' or '_', beginning with a letter or digit.";

    private SpokeName(string text) => Text = text;

    public string Text { get; }

    /// <summary>What two names may not share: they differ by more than upper and lower case.</summary>
    public string Key => KeyOf(Text);

    public static bool TryParse(string? text, [NotNullWhen(true)] out SpokeName? name)
    {
        name = text is not null && Shape().IsMatch(text) ? new(text) : null;
        return name is not null;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "ASCII alone, and lower case is what host names have.")]
    public static string KeyOf(string text) => text.ToLowerInvariant();

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
