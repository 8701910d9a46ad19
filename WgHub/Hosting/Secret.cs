using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WgHub.Hosting;

/// <summary>A secret in memory, such as a private or preshared key in base64. It prints as <c>***</c>; only <see cref="Reveal"/> tells it.</summary>
internal sealed class Secret(string value) : IEquatable<Secret>
{
    public string Reveal() => value;

    /// <summary>Takes as long wherever the two differ.</summary>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(value.AsSpan()), MemoryMarshal.AsBytes(other.Reveal().AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
