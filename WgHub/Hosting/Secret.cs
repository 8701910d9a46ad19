using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WgHub.Hosting;

/// <summary>A secret in memory, such as a key in base64 or a password as it was typed. It prints as <c>***</c>; only <see cref="Reveal"/> tells it.</summary>
internal sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>In characters.</summary>
    public int Length => value.Length;

    /// <summary>Any text may become a secret; none comes back but by <see cref="Reveal"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Secret?(string? text) => text is null ? null : new(text);

    /// <summary>Lets a form's field be a secret from the first moment on; see the framework's model binding.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Secret? secret) => (secret = text) is not null;

    public string Reveal() => value;

    /// <summary>Takes as long wherever the two differ.</summary>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(value.AsSpan()), MemoryMarshal.AsBytes(other.Reveal().AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
