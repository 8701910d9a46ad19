namespace WgHub.Web;

/// <summary>
/// On a call that brings its own proof, and none in a cookie, such as a spoke's or an identity provider's: <see cref="SameOrigin"/> lets it
/// pass, wherever it is sent from.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ProvesItselfAttribute : Attribute;
