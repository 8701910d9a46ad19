namespace WgHub.Web;

/// <summary>On an address with a secret in it: what tells of paths leaves it out, see <see cref="SecretPaths"/>.</summary>
/// <param name="parameter">The route's name for it.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SecretInPathAttribute(string parameter) : Attribute
{
    public string Parameter { get; } = parameter;
}
