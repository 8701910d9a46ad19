using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>Refusals about names and addresses.</summary>
internal static class LeaseErrors
{
    public static AppException HubNotInitialized() =>
        new(StatusCodes.Status409Conflict, "HUB_NOT_INITIALIZED", "The hub has no network yet. Set it up first.");

    /// <param name="field">Where the caller gave it.</param>
    public static AppException NameInUse(string name, string field) =>
        OfField(field, StatusCodes.Status409Conflict, "NAME_IN_USE", $"The name '{name}' is taken by a spoke or an open token.");

    /// <inheritdoc cref="NameInUse"/>
    public static AppException AddressInUse(string address, string field) =>
        OfField(field, StatusCodes.Status409Conflict, "ADDRESS_IN_USE", $"The address {address} is taken.");

    /// <inheritdoc cref="NameInUse"/>
    public static AppException AddressOutside(string address, Ipv4Network network, string field) =>
        OfField(field, StatusCodes.Status400BadRequest, "ADDRESS_OUTSIDE_NETWORK", $"The address {address} is not one that a machine in {network} can have.");

    /// <inheritdoc cref="NameInUse"/>
    public static AppException AddressOutside(string address, Ipv6Network? network, string field) =>
        OfField(
            field, StatusCodes.Status400BadRequest, "ADDRESS_OUTSIDE_NETWORK",
            network is { } six ? $"The address {address} is not one that a machine in {six} can have." : "The hub has no IPv6 network.");

    /// <inheritdoc cref="NameInUse"/>
    public static AppException AddressReserved(string address, AddressRange range, string field) =>
        OfField(field, StatusCodes.Status409Conflict, "ADDRESS_RESERVED", $"The address {address} is kept for the group '{range.Group}' ({range}).");

    /// <summary>Names the next larger network: one bit shorter, twice the room.</summary>
    public static AppException AddressesExhausted(Ipv4Network network, bool areSomeKept)
    {
        var larger = Ipv4Network.Around(network.First, network.PrefixLength - 1);
        var kept = areSomeKept ? "taken, or kept for groups" : "taken";
        return Exhausted($"All {network.HostCount} addresses of {network} are {kept}. The network {larger} has room and keeps everyone's address.");
    }

    /// <param name="ranges">The group's own.</param>
    public static AppException RangeExhausted(string? group, IReadOnlyList<string> ranges) =>
        Exhausted($"All addresses that are kept for the group '{group}' are taken: {string.Join(", ", ranges)}. Give the group more of them.");

    /// <param name="ranges">Each with its group.</param>
    public static AppException RangesOutside(Ipv4Network network, IReadOnlyList<string> ranges) =>
        new(
            StatusCodes.Status409Conflict, "NETWORK_IN_USE",
            $"Addresses are kept for groups outside of {network}: {string.Join(", ", ranges)}.");

    public static AppException NetworkInUse(IReadOnlyList<string> spokes) =>
        new(
            StatusCodes.Status409Conflict, "NETWORK_IN_USE",
            $"These spokes would lose their address: {string.Join(", ", spokes.Take(10))}{(spokes.Count > 10 ? $" and {spokes.Count - 10} more" : "")}.");

    private static AppException Exhausted(string sentence) => new(StatusCodes.Status409Conflict, "ADDRESSES_EXHAUSTED", sentence);

    private static AppException OfField(string field, int status, string code, string sentence) =>
        new(status, code, sentence) { Errors = new Dictionary<string, string[]> { [field] = [sentence] } };
}
