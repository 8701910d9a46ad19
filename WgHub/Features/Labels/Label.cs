using System.Text.RegularExpressions;

namespace WgHub.Features.Labels;

/// <summary>What people sort spokes by, besides <see cref="Tags"/>. It is shown and searched, and goes into no script or file.</summary>
internal static partial class Label
{
    public const string GroupRule = "1 to 63 letters, digits, spaces, '.', '-' or '_', beginning with a letter or digit.";
    public const string OwnerRule = "A name or mail address: 1 to 100 letters, digits, spaces or any of .,@'()&/+!#_-, beginning with a letter or digit.";

    public static bool TryParseGroup(string? text, out string group)
    {
        group = text ?? "";
        return GroupShape().IsMatch(group);
    }

    public static bool TryParseOwner(string? text, out string owner)
    {
        owner = text ?? "";
        return OwnerShape().IsMatch(owner);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9 ._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex GroupShape();

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{M}\p{N} .,@'’()&/+!#°·–_-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerShape();
}
