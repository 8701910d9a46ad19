namespace WgHub.Features.Spokes;

/// <summary>On what shows handshakes or traffic: while somebody looks at it, the interface is read more often.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShowsPeersAttribute : Attribute;
