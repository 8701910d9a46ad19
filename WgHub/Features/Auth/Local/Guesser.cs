using System.Net;
using System.Net.Sockets;
using WgHub.Features.Auth.Accounts;

namespace WgHub.Features.Auth.Local;

/// <summary>Whose tries count together.</summary>
/// <param name="Key">Of the slot in <see cref="SignInBackOff"/>.</param>
/// <param name="Name">What a stranger typed as a name: strangers at one name have a bound together too. Null for somebody who was let in before.</param>
internal sealed record Guesser(string Key, string? Name = null)
{
    private const int SiteBytes = 6;

    public bool IsStranger => Name is not null;

    /// <summary>Somebody who types a name and a password.</summary>
    /// <param name="account">Null for a name that nobody has: a caller cannot see that from how tries are counted.</param>
    public static Guesser At(string name, User? account, Visitor visitor) =>
        visitor.Known is { } known && known.UserId == account?.Id
            ? new($"browser {known.Id}")
            : new($"{NetworkOf(visitor.Address)} {name.ToUpperInvariant()}", name.ToUpperInvariant());

    /// <summary>Somebody whose password was right: no stranger comes so far, so that here an account has one slot for everywhere.</summary>
    public static Guesser AtCode(User account, Visitor visitor) =>
        visitor.Known?.UserId == account.Id ? At(account.Name, account, visitor) : new($"code {account.Id}");

    /// <summary>Somebody who is signed in.</summary>
    public static Guesser In(CurrentBrowser me) => new($"session {me.SessionId}");

    /// <summary>An IPv4 address; of IPv6 the /48, which one site has, or else who owns one would be a thousand callers.</summary>
    private static string NetworkOf(string? text) =>
        !IPAddress.TryParse(text, out var address) ? ""
        : address.IsIPv4MappedToIPv6 ? $"{address.MapToIPv4()}"
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, SiteBytes)
        : $"{address}";
}
