using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace WgHub.Features.Notifications;

/// <summary>Whom mail goes to. Nothing but letters of an address comes in: no line end, no second header, no display name.</summary>
internal sealed partial record MailAddresses(IReadOnlyList<string> List)
{
    public const string Rule = "1 to 20 mail addresses, such as ops@example.com, separated by commas.";

    private const int Most = 20;

    public static bool TryParse(string? text, [NotNullWhen(true)] out MailAddresses? addresses)
    {
        var list = (text ?? "").Split([',', ' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        addresses = list.Count is > 0 and <= Most && list.TrueForAll(IsAddress) ? new(list) : null;
        return addresses is not null;
    }

    public static bool IsAddress(string text) => text.Length <= 254 && Shape().IsMatch(text);

    public override string ToString() => string.Join(',', List);

    /// <summary>RFC 5321's, without quotes and address literals.</summary>
    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        + @"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
