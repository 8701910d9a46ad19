using System.Diagnostics.CodeAnalysis;

namespace WgHub.WireGuard;

/// <summary>The IPv4 address of one machine.</summary>
/// <param name="Number">Such as <see cref="Ipv4Network"/> counts through.</param>
internal readonly record struct Ipv4Address(uint Number)
{
    /// <inheritdoc cref="Ipv4Network.TryParseAddress"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Address address)
    {
        var isOne = Ipv4Network.TryParseAddress(text, out var number);
        address = new(number);
        return isOne;
    }

    /// <inheritdoc cref="Ipv4Network.TryParseAddress"/>
    /// <exception cref="FormatException">Another spelling, or no address.</exception>
    public static Ipv4Address Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException("Not an IPv4 address.");

    /// <summary>Four decimal numbers.</summary>
    public override string ToString() => Ipv4Network.ToText(Number);
}
