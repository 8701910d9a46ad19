namespace WgHub.Architecture;

/// <summary>Rooms are folders, and namespaces are folders, those of pages too: <c>Features.Auth.Local</c>, <c>Web</c>, or empty for the root.</summary>
internal static class Rooms
{
    private const string Root = nameof(WgHub);

    /// <summary>Null for what is not the hub's, and for what a generator made outside every room.</summary>
    public static string? Of(Type type) => Outermost(type).Namespace?.Split('.') switch
    {
        [Root, .. var folders] => string.Join('.', folders),
        _ => null,
    };

    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
