namespace WgHub.WireGuard;

/// <summary>A private or preshared key, as base64. It prints as <c>***</c>; only <see cref="Reveal"/> tells it.</summary>
internal sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
