using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class WgDumpTests
{
    private const string Device = "cHJpdmF0ZQ==\tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=\t51820\toff\n";

    private static readonly Gen<string> Networks =
        Any.Address.ArrayOf().Select(all => all.Length == 0 ? "(none)" : string.Join(',', all.Select(one => $"{Ipv4Network.ToText(one)}/32")));

    private static readonly Gen<Peer> Peers =
        from key in Any.Key
        from preshared in Gen.Elements(true, false)
        from endpoint in Gen.Elements("(none)", "203.0.113.5:4711", "[2001:db8::1]:51820")
        from networks in Networks
        from handshake in Gen.Choose(0, int.MaxValue)
        from received in Gen.Choose(0, int.MaxValue)
        from sent in Gen.Choose(0, int.MaxValue)
        select new Peer(key, preshared, endpoint, networks, handshake, received * 4096L, sent);

    [Fact]
    public void Every_peer_is_read_as_it_was_written() =>
        Any.Holds(Peers.ListOf(), peers => Read(Device + string.Concat(peers.Select(peer => peer.Line))).SequenceEqual(peers));

    [Fact]
    public void The_last_line_needs_no_end() =>
        Any.Holds(Peers, peer => Read((Device + peer.Line).TrimEnd('\n')).Single() == peer);

    [Theory]
    [InlineData("x")]
    [InlineData("\t\t\t\t\t\t\t")]
    [InlineData("KEY\t(none)\t(none)\t10.8.0.2/32\t0\t0\t0")]               // seven fields
    [InlineData("KEY\t(none)\t(none)\t10.8.0.2/32\t0\t0\t0\toff\toff")]     // nine
    [InlineData("nokey\t(none)\t(none)\t10.8.0.2/32\t0\t0\t0\toff")]
    [InlineData("KEY\t(none)\t(none)\t10.8.0.2/32\t-1\t0\t0\toff")]
    [InlineData("KEY\t(none)\t(none)\t10.8.0.2/32\t0\t1e3\t0\toff")]
    [InlineData("KEY\t(none)\t(none)\t10.8.0.2/32\t0\t0\t99999999999999999999\toff")]
    public void A_line_that_is_none_is_refused(string line) =>
        Assert.Throws<FormatException>(() => Read(Device + line.Replace("KEY", Wg.NewKey(), StringComparison.Ordinal) + "\n"));

    [Fact]
    public void The_interface_tells_its_key_and_port_and_not_before_it_has_them()
    {
        var device = new WgDump(Encoding.ASCII.GetBytes(Device));
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=", device.InterfaceKey.ToString());
        Assert.Equal(51820, device.ListenPort);

        var bare = new WgDump("(none)\t(none)\t0\toff\n"u8);
        Assert.Null(bare.InterfaceKey);
        Assert.Equal(0, bare.ListenPort);

        var none = new WgDump([]);
        Assert.Null(none.InterfaceKey);
        Assert.False(none.MoveNext());
    }

    [Fact]
    public async Task What_the_real_wg_prints_is_read()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var (near, far) = (Wg.NewKey(), Wg.NewKey());
        await Wg.RunAsync($"wg set {hub.Interface} peer {near} endpoint 127.0.0.1:9 allowed-ips 10.99.0.1/32,fd99::/64 peer {far} endpoint [::1]:9");

        var dump = await Wg.RunAsync($"wg show {hub.Interface} dump");

        var peers = Read(dump).ToDictionary(peer => peer.Key.ToString());
        Assert.Equal("127.0.0.1:9", peers[near].Endpoint);
        Assert.Equal(["10.99.0.1/32", "fd99::/64"], peers[near].AllowedIPs.Split(',').Order());
        Assert.Equal("[::1]:9", peers[far].Endpoint);
        Assert.Equal("(none)", peers[far].AllowedIPs);
        Assert.Equal(hub.Port, new WgDump(Encoding.ASCII.GetBytes(dump)).ListenPort);
    }

    private static List<Peer> Read(string dump)
    {
        List<Peer> peers = [];
        var device = new WgDump(Encoding.ASCII.GetBytes(dump));
        while (device.MoveNext())
        {
            var line = device.Current;
            peers.Add(new(
                line.Key, !line.PresharedKey.IsEmpty, OrNone(line.Endpoint), OrNone(line.AllowedIPs), line.LatestHandshakeSeconds,
                line.ReceivedBytes, line.SentBytes));
        }

        return peers;
    }

    private static string OrNone(ReadOnlySpan<byte> field) => field.IsEmpty ? "(none)" : field.ToText();

    private sealed record Peer(PublicKey Key, bool HasPresharedKey, string Endpoint, string AllowedIPs, long Handshake, long Received, long Sent)
    {
        public string Line => $"{Key}\t{(HasPresharedKey ? Key.ToString() : "(none)")}\t{Endpoint}\t{AllowedIPs}\t{Handshake}\t{Received}\t{Sent}\t25\n";
    }
}
