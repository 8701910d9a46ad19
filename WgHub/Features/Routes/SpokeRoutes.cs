using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Routes;

/// <summary>What a spoke sends into its tunnel, as somebody has chosen it. What that comes to, <see cref="HubRoutes"/> tells.</summary>
[JsonConverter(typeof(SpokeRoutesJson))]
internal sealed record SpokeRoutes
{
    public const int MostNetworks = 32;

    public const string Rule =
        "hub, network, all, or up to 32 networks such as 10.20.0.0/16, IPv4 from /8 and IPv6 from /16 on, each once and without host bits.";

    /// <summary>The hub's own addresses alone.</summary>
    public static readonly SpokeRoutes Hub = new("hub");

    /// <summary>The hub's network: what is taken where nobody has chosen.</summary>
    public static readonly SpokeRoutes Network = new("network");

    public static readonly SpokeRoutes All = new("all");

    private SpokeRoutes(string text) => Text = text;

    /// <summary>As the database has it: one of three words, or networks by comma.</summary>
    public string Text { get; }

    public bool IsList => Text.Contains('/', StringComparison.Ordinal);

    /// <summary>Those of a list.</summary>
    public IReadOnlyList<string> Networks => IsList ? Text.Split(',') : [];

    /// <summary>For a person.</summary>
    public string Title =>
        this == Hub ? "the hub alone" : this == Network ? "the private network" : this == All ? "everything" : string.Join(", ", Networks);

    /// <summary>Reads a wish; null for none, and for one to follow the group.</summary>
    public static SpokeRoutes? Parse(FieldChecks checks, string field, RoutesWish? wish)
    {
        if (wish is null || wish.IsNone)
        {
            return null;
        }

        if (!TryParse(wish.Words, out var routes, out var problem))
        {
            checks.Fail(field, problem);
        }

        return routes;
    }

    public static bool TryParse(IReadOnlyList<string> words, [NotNullWhen(true)] out SpokeRoutes? routes, [NotNullWhen(false)] out string? problem)
    {
        routes = words is [var word] ? new[] { Hub, Network, All }.FirstOrDefault(one => one.Text == word) : null;
        string?[] networks = routes is null ? [.. words.Select(NetworkOf)] : [];
        problem = routes is not null ? null
            : words.FirstOrDefault(IsEverything) is { } all ? $"{all} is everything: choose that instead (all)."
            : networks.Length is 0 or > MostNetworks ? $"It takes {Rule}"
            : Array.IndexOf(networks, null) is >= 0 and var bad ? $"'{words[bad]}' cannot stand here. It takes {Rule}"
            : networks.Distinct().Count() < networks.Length ? "A network stands there twice."
            : null;
        routes ??= problem is null ? new(string.Join(',', networks)) : null;
        return routes is not null;
    }

    /// <summary>Of the database.</summary>
    /// <exception cref="FormatException">Somebody else wrote it.</exception>
    public static SpokeRoutes FromStored(string text) =>
        TryParse(text.Split(','), out var routes, out _) ? routes : throw new FormatException("Not what a spoke can route.");

    public override string ToString() => Text;

    private static bool IsEverything(string text) => Cidr.TryParse(text, out var network) && network.IsAll;

    /// <summary>In the one spelling that it has; null for what is none.</summary>
    private static string? NetworkOf(string text) =>
        Cidr.TryParse(text, out var network) && !network.IsTooLarge && network.IsForMachines ? network.ToString() : null;
}
