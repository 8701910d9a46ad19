namespace WgHub.Web;

/// <summary>All that a room says of itself: the server is made of them, and knows nothing more of any.</summary>
internal sealed record Room
{
    /// <summary>Its services, JSON types, settings and background work.</summary>
    public Action<IServiceCollection>? Add { get; init; }

    /// <summary>Those of its services that commands need too, which open the data without a server. The server has them as well.</summary>
    public Action<IServiceCollection>? AddForCommands { get; init; }

    /// <summary>What it answers besides its pages. Who may call it, and what else there is to know of an address, is said there.</summary>
    public Action<IEndpointRouteBuilder>? Map { get; init; }

    /// <summary>Middleware before whatever leads to https or asks where a request comes from.</summary>
    public Action<WebApplication>? UseFirst { get; init; }

    /// <summary>Middleware behind authorization.</summary>
    public Action<WebApplication>? Use { get; init; }

    /// <summary>Looks, before the server starts, at what else would show at the first request. Settings are looked at without it.</summary>
    public Action<IServiceProvider>? CheckStart { get; init; }

    /// <summary>What begins so is called by programs, as what begins with <c>/api</c> is: see <see cref="ProgramPaths"/>.</summary>
    public IReadOnlyList<PathString> ProgramPaths { get; init; } = [];

    /// <summary>Its pages in the header.</summary>
    public IReadOnlyList<NavigationItem> Navigation { get; init; } = [];

    /// <summary>Its pages among the settings.</summary>
    public IReadOnlyList<NavigationItem> SettingsPages { get; init; } = [];

    /// <summary>What a caller may do only so often.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];
}

internal static class RoomServices
{
    public static void AddRoom(this IServiceCollection services, Room room)
    {
        services.AddSingleton(room);
        services.AddLimitSettings(room.Limits);
        room.AddForCommands?.Invoke(services);
        room.Add?.Invoke(services);
    }
}
