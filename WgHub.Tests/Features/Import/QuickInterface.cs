using WgHub.TestKit;

namespace WgHub.Features.Import;

/// <summary>A WireGuard as wg-quick leaves it, with the program that the tests have for it.</summary>
internal static class QuickInterface
{
    private const string Hooks = "[Interface]\nPostUp = iptables -A FORWARD -i %i -j ACCEPT\n\n";

    /// <summary>The network behind the peer that is an office; another one for each hub, since all are on one machine.</summary>
    public static string OfficeOf(TestHub hub) => $"192.168.{hub.Port % 250}.0/24";

    /// <summary>
    /// Three peers: one that is named before its section, one with a preshared key and a network behind it that is named in it, and one without
    /// a name.
    /// </summary>
    public static async Task StartAsync(TestHub hub, string laptop, string office, string nameless)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(hub.ConfFile)!);
        await File.WriteAllTextAsync(
            hub.ConfFile,
            $"{Hooks}### Client laptop\n[Peer]\nPublicKey = {laptop}\nAllowedIPs = {hub.Address(2)}/32\n\n[Peer]\n# office\nPublicKey = {office}\nAllowedIPs = {hub.Address(3)}/32, {OfficeOf(hub)}\n",
            Cancel);
        var (privateKey, presharedKey) = (await FileAsync(hub, "genkey"), await FileAsync(hub, "genpsk"));
        await Wg.RunAsync($"wireguard-go {hub.Interface}");
        await Wg.RunAsync($"wg set {hub.Interface} listen-port {hub.Port} private-key {privateKey}");
        await Wg.RunAsync($"wg set {hub.Interface} peer {laptop} allowed-ips {hub.Address(2)}/32 endpoint 127.0.0.1:4711 persistent-keepalive 7");
        await Wg.RunAsync($"wg set {hub.Interface} peer {office} allowed-ips {hub.Address(3)}/32,{OfficeOf(hub)} preshared-key {presharedKey}");
        await Wg.RunAsync($"wg set {hub.Interface} peer {nameless} allowed-ips {hub.Address(4)}/32");
        await Wg.RunAsync($"ip address add {hub.Address(1)}/22 dev {hub.Interface}");
        await Wg.RunAsync($"ip link set {hub.Interface} mtu 1380 up");
        await Wg.RunAsync($"ip route add {OfficeOf(hub)} dev {hub.Interface}");
    }

    private static async Task<string> FileAsync(TestHub hub, string kind)
    {
        var file = Path.Combine(hub.Folder.FullName, kind);
        await File.WriteAllTextAsync(file, await Wg.RunAsync($"wg {kind}"), Cancel);
        return file;
    }
}
