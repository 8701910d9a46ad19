using System.Globalization;
using FsCheck.Fluent;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Import;

public sealed class ExportFilesTests
{
    private const string Anna = "Anna's phone 10.8.0.2/32 psk on";
    private const string Old = "old laptop 10.8.0.4/32 off";

    /// <summary>Files, what they are, the hub's own lines, and each peer: name, addresses, preshared key, on or off, expiry.</summary>
    public static TheoryData<string, string, string, string[]> Formats => new()
    {
        { "wg-easy-14.json", "wg-easy 14", "10.8.0.1/24", [Anna, "Jörg 10.8.0.3/32 psk on 2027-06-30", "old laptop 10.8.0.4/32 psk off"] },
        {
            "wg-easy-15.sql", "wg-easy 15", "10.8.0.0/24 fdcc:ad94:bacf:61a4::cafe:0/112 port 51821 mtu 1420 vpn.example.com:51822",
            ["Anna's phone 10.8.0.2/32 fdcc:ad94:bacf:61a4::cafe:2/128 psk on",
                "office 10.8.0.3/32 fdcc:ad94:bacf:61a4::cafe:3/128 192.168.7.0/24 psk on 2027-06-30",
                "old laptop 10.8.0.4/32 fdcc:ad94:bacf:61a4::cafe:4/128 psk off"]
        },
        { "wgdashboard.sql+wgdashboard.conf", "WGDashboard and wg-quick", "10.8.0.1/24 port 51820", [Anna, " 10.8.0.3/32 192.168.7.0/24 on", Old] },
        {
            "wg-portal-2.sql", "wg-portal 2", "10.8.0.1/24 fd00:8::1/64 port 51820 mtu 1400 vpn.example.com:51820",
            ["Anna's phone 10.8.0.2/32 fd00:8::a08:2/128 psk on", "Peer office 10.8.0.3/32 192.168.7.0/24 on 2027-06-30", Old]
        },
        { "wg-portal-1.sql", "wg-portal 1", "10.8.0.1/24 port 51820 vpn.example.com:51820", [Anna, Old] },
        {
            "pivpn.conf", "wg-quick", "10.8.0.1/24 fd11:5ee:bad:c0de::1/64 port 51820 mtu 1420",
            ["anna 10.8.0.2/32 fd11:5ee:bad:c0de::a08:2/128 psk on", "b@home 10.8.0.3/32 fd11:5ee:bad:c0de::a08:3/128 psk on",
                "old-laptop 10.8.0.4/32 fd11:5ee:bad:c0de::a08:4/128 psk off"]
        },
        { "comments.conf", "wg-quick", "10.8.0.1/24 port 51820",
            ["anna 10.8.0.2/32 psk on", "Büro Süd 10.8.0.3/32 192.168.7.0/24 on", "old laptop 10.8.0.4/32 on", "router 10.8.0.5/32 on"] },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Each_tools_files_are_known_by_what_they_hold(string files, string kind, string hub, string[] peers)
    {
        var source = Fixture.Read(files.Split('+'));

        Assert.Equal(kind, source.Kind);
        Assert.Equal(hub, Line(source.Hub!));
        Assert.Equal(peers.Order(StringComparer.Ordinal), source.Peers.Select(Line).Order(StringComparer.Ordinal));
        Assert.Equal("***", source.Hub!.PrivateKey!.ToString());
    }

    [Fact]
    public void What_a_conf_file_did_besides_is_told()
    {
        var source = Fixture.Read("comments.conf");

        Assert.Equal(
            ["PostUp = iptables -A FORWARD -i %i -j ACCEPT, really is", "Table = off is"],
            source.Notices.Select(notice => notice[..(notice.IndexOf(" is ", StringComparison.Ordinal) + 3)]));
        Assert.Single(source.Peers[1].Remarks);
        Assert.Equal("office.example.com:51820", source.Peers[1].CalledAt);
    }

    [Fact]
    public void Among_several_interfaces_the_hubs_own_is_taken()
    {
        var both = Fixture.Bytes("wgdashboard.sql");

        Assert.Empty(Read(both, "wg1").Peers);
        Assert.Contains("2 interfaces", Assert.Throws<AppException>(() => Read(both, "wg7")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("Address = 10.8.0.1/24")]
    [InlineData("[Interface]\nAddress = 10.8.0.1/24\n[Other]\nMTU = 1400")]
    [InlineData("[Interface]\nAddress = 10.8.0.1/24\nJc = 4\nH1 = 25")]
    [InlineData("{}")]
    [InlineData("{\"server\":1,\"clients\":[]}")]
    [InlineData("{\"server\":{},\"clients\":{\"a\":7}}")]
    public void What_is_no_export_is_refused(string text) =>
        Assert.Equal(WebErrors.ValidationFailed, Assert.Throws<AppException>(() => Read(System.Text.Encoding.UTF8.GetBytes(text))).Code);

    /// <summary>A file of somebody who means harm: what it calls a table is a view that never ends.</summary>
    [Theory]
    [InlineData(
        "create view clients_table as with recursive n(public_key) as (select 1 union all select public_key + 1 from n) select public_key from n; create table interfaces_table (private_key text)")]
    [InlineData(
        "create table devices (listen_port); create table peers (ips_str, device_name, identifier as (hex(zeroblob(400000000))), public_key, preshared_key, deactivated_at); insert into devices values (1)")]
    [InlineData("create table other (a); pragma user_version = 7")]
    public void A_database_that_is_none_of_theirs_is_refused(string sql) =>
        Assert.Equal(WebErrors.ValidationFailed, Assert.Throws<AppException>(() => Read(Fixture.Database(sql))).Code);

    [Fact]
    public void A_database_in_WAL_mode_is_read_too()
    {
        var file = Fixture.Bytes("wg-easy-15.sql");
        (file[18], file[19]) = (2, 2);

        Assert.Equal(3, Read(file).Peers.Count);
    }

    /// <summary>Names in SQL have no case: the query gives a column back in the case of the table's own statement.</summary>
    [Fact]
    public void A_database_that_names_its_columns_in_capitals_is_read_too()
    {
        var file = Fixture.Bytes("wg-portal-1.sql");
        var peers = Read(file).Peers.Count;
        foreach (var spot in Occurrences(file, "device_name"u8.ToArray()))
        {
            file[spot] = (byte)'D';
        }

        Assert.Equal(peers, Read(file).Peers.Count);
    }

    /// <summary>Whatever comes, the answer is an export or a refusal.</summary>
    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        var files = Fixture.All.Select(Fixture.Bytes).ToArray();
        var damaged = from file in Gen.Elements(files)
                      from length in Gen.Frequency((3, Gen.Constant(file.Length)), (1, Gen.Choose(0, file.Length)))
                      from spots in Gen.Choose(0, file.Length - 1).ListOf()
                      from bytes in Any.Byte.ArrayOf(spots.Count)
                      select Damage(file, length, spots, bytes);

        Any.Holds(damaged, IsReadOrRefused);
        Any.Holds(Any.Byte.ArrayOf(), IsReadOrRefused);
        Any.Holds(Any.Text, text => IsReadOrRefused(System.Text.Encoding.UTF8.GetBytes($"[Peer]\n{text}\n#{text}\n[Peer]\nPublicKey={text}")));
    }

    private static ImportSource Read(byte[] file, string interfaceName = "wg0") => ExportFiles.Read([file], interfaceName, CancellationToken.None);

    private static List<int> Occurrences(byte[] file, byte[] word) =>
        [.. Enumerable.Range(0, file.Length - word.Length).Where(spot => file.AsSpan(spot).StartsWith(word))];

    private static byte[] Damage(byte[] file, int length, IEnumerable<int> spots, byte[] bytes)
    {
        var copy = file.ToArray();
        foreach (var (spot, value) in spots.Zip(bytes))
        {
            copy[spot] = value;
        }

        return copy[..length];
    }

    private static bool IsReadOrRefused(byte[] file)
    {
        try
        {
            var source = Read(file);
            var target = ImportTarget.Of(source.Hub, null, null);
            _ = ImportPlan.Of(source, target, PresentState.Empty, new(new()), CancellationToken.None).Hash;
            return true;
        }
        catch (AppException refusal)
        {
            return refusal.Code == WebErrors.ValidationFailed;
        }
    }

    private static string Line(ImportedHub hub) => string.Join(
        ' ',
        ((string?[])[.. hub.Addresses, hub.ListenPort is { } port ? $"port {port}" : null, hub.Mtu is { } mtu ? $"mtu {mtu}" : null, hub.Endpoint])
            .OfType<string>());

    private static string Line(ImportedPeer peer) => string.Join(
        ' ',
        ((string?[])[peer.Name, .. peer.AllowedIPs, peer.PresharedKey is null ? null : "psk", peer.IsEnabled ? "on" : "off",
            peer.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)])
            .OfType<string>());
}
