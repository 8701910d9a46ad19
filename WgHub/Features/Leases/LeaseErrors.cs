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

    /// <summary>Names the next larger network: one bit shorter, twice the room.</summary>
    public static AppException AddressesExhausted(Ipv4Network network)
    {
        var prefix = network.PrefixLength - 1;
        var larger = new Ipv4Network(network.First & (uint)~(uint.MaxValue >> prefix), prefix);
        return new(
            StatusCodes.Status409Conflict, "ADDRESSES_EXHAUSTED",
            $"All {network.HostCount} addresses of {network} are taken. The network {larger} has room and keeps everyone's address.");
    }

    public static AppException NetworkInUse(IReadOnlyList<string> spokes) =>
        new(
            StatusCodes.Status409Conflict, "NETWORK_IN_USE",
            $"These spokes would lose their address: {string.Join(", ", spokes.Take(10))}{(spokes.Count > 10 ? $" and {spokes.Count - 10} more" : "")}.");

    private static AppException OfField(string field, int status, string code, string sentence) =>
        new(status, code, sentence) { Errors = new Dictionary<string, string[]> { [field] = [sentence] } };
}
