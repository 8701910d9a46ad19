using WgHub.Hosting;

namespace WgHub.WireGuard;

/// <summary>An interface as it should be, but for its peers. What crosses from "wanted" to the machine that has it.</summary>
/// <param name="Key">The public key of <paramref name="PrivateKey"/>.</param>
/// <param name="Addresses">Its own, with their network's prefix: <c>10.8.0.1/22</c>.</param>
/// <param name="Policy">Where traffic of it may go. The same object while it says the same.</param>
/// <param name="Routes">Networks behind its peers.</param>
internal sealed record DeviceSpec(
    string Interface, PublicKey Key, Secret PrivateKey, int ListenPort, IReadOnlyList<string> Addresses, int Mtu, NftRules Policy,
    IReadOnlyList<Cidr> Routes);
