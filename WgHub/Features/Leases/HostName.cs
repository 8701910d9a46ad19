using System.Text.RegularExpressions;

namespace WgHub.Features.Leases;

/// <summary>
/// What a spoke is called in DNS: its name as it is, where that is a host name (RFC 1123). Another name is not bent into one: two could meet
/// in it, and whom it means would hang on who came first.
/// </summary>
internal static partial class HostName
{
    /// <summary>The hub's own. A spoke that is called so has none.</summary>
    public const string OfTheHub = "hub";

    /// <summary>Browsers and systems ask for them by themselves and trust the answer; localhost is each machine's own.</summary>
    private static readonly string[] Asked = ["localhost", "wpad", "isatap"];

    /// <summary>All of it, the whole name first: what stands before the domain also goes alone, where it cannot be meant for another.</summary>
    /// <param name="name">A spoke's.</param>
    /// <param name="domain">Null for none.</param>
    /// <returns>None for a name that is no host name; then <see cref="WhyNone"/> tells why.</returns>
    public static IReadOnlyList<string> Of(string name, string? domain)
    {
        var key = SpokeName.KeyOf(name);
        return WhyNone(name, domain) is not null ? []
            : domain is null ? [key]
            : IsAlone(key) ? [$"{key}.{domain}", key]
            : [$"{key}.{domain}"];
    }

    /// <returns>A sentence; null when it has one.</returns>
    public static string? WhyNone(string name, string? domain) => SpokeName.KeyOf(name) switch
    {
        OfTheHub => "This name is the hub's own.",
        var key when Asked.Contains(key) => "Machines ask for this name by themselves, and trust who has it.",
        var key when !Shape().IsMatch(key) => "A host name has letters, digits and '-' alone, between dots, and no '-' at an end.",
        var key when domain is null && !IsAlone(key) => "Without a domain, only a name with a letter and without dots cannot be meant for another.",
        _ => null,
    };

    /// <summary>With a dot it may be a name of the internet, without a letter an address.</summary>
    private static bool IsAlone(string key) => !key.Contains('.', StringComparison.Ordinal) && key.Any(char.IsAsciiLetter);

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
