namespace WgHub.Hosting;

/// <summary>A secret in memory, such as a private or preshared key in base64. It prints as <c>***</c>; only <see cref="Reveal"/> tells it.</summary>
internal sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
