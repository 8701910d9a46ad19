using System.Text;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>What a conf file means: to wg, and to the people who wrote comments into it.</summary>
public sealed class ConfSourceTests : HubTest
{
    private const string A = "l03DA76YCJTTiNqzLDqUFm9XvHrGC+wRfrPxhpxtYD4=";
    private const string B = "oMouYUFMWX2Ia0RMq0ZtwUF6f1HvhlbGn4kQeHG6CDU=";

    private protected override TestHub Make() => new() { IsSetUp = false };

    [Theory]
    [InlineData("[Peer] # Anna\nPublicKey = A")]
    [InlineData("[Peer]#Anna\nPublicKey = A")]
    [InlineData("[Peer]\nPublicKey = A # Anna\nAllowedIPs = 10.8.0.2/32")]
    [InlineData("[Peer]\nPublicKey = A\nAllowedIPs = 10.8.0.2/32 #Anna")]
    [InlineData("[Peer]\n#Name# = Anna\nPublicKey = A")]
    [InlineData("# Anna / anna@example.com / Updated: 2024-01-01 10:00:00 / Created: 2023-01-01\n[Peer]\nPublicKey = A")]
    [InlineData("# laptop: Anna\n[Peer]\nPublicKey = A")]
    [InlineData("# ID: 7\n# Name: Anna\n# Email: anna@example.com\n# Created at: 2024-01-01\n[Peer]\nPublicKey = A")]
    [InlineData("[Peer]\n# friendly_name=Anna\nPublicKey = A # key")]
    [InlineData("; Anna\n[Peer]\nPublicKey = A")]
    [InlineData("[Peer]\n# Anna\n# PresharedKey = none yet\nPublicKey = A")]
    [InlineData("# Bert\n#[Peer]\n#PublicKey = B\n#AllowedIPs = 10.8.0.9/32\n# Anna\n[Peer]\nPublicKey = A")]
    [InlineData("# [Peer]\n# # Bert\n# PublicKey = B\n\n# Anna\n[Peer]\nPublicKey = A")]
    [InlineData("[Peer]\n# Anna\nPublicKey = A\n\n# Bert\n;[Peer]\n;PublicKey = B")]
    [InlineData("[Peer]\nPublicKey = A\n# Anna\nAllowedIPs = 10.8.0.2/32\n## [Peer] of Bert\n## PublicKey = B\n")]
    public void A_name_is_found_where_people_write_it(string text) => Assert.Equal("Anna", Assert.Single(Read(text).Peers).Name);

    [Theory]
    [InlineData("# Bert\n#[Peer]\n#PublicKey = B\n\n[Peer]\nPublicKey = A")]
    [InlineData("#[Peer]\n#Name = Bert\n#PublicKey = B\n[Peer]\nPublicKey = A")]
    [InlineData("[Peer]\nPublicKey = A # key\n# Created: 2024-01-01\n")]
    [InlineData("# AllowedIPs = 10.8.0.9/32\n[Peer]\nPublicKey = A")]
    public void What_names_somebody_else_or_nobody_is_no_name(string text) => Assert.Null(Assert.Single(Read(text).Peers).Name);

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "latin1", "cr", "plain"];

    /// <summary>Keys and addresses are ASCII in all of them; names are read where they can be.</summary>
    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_file_is_read_in_whatever_encoding_it_is(string encoding)
    {
        const string Text = "[Interface]\r\nAddress = 10.8.0.1/24\r\n\r\n[Peer]\r\n# Jörg\r\nPublicKey = A\r\nAllowedIPs = 10.8.0.2/32\r\n";
        const string Json = """{"server":{"address":"10.8.0.1"},"clients":{"a":{"name":"Jörg","publicKey":"A","address":"10.8.0.2"}}}""";
        foreach (var text in new[] { Text.Replace(" = A", $" = {A}", StringComparison.Ordinal), Json })
        {
            byte[] file = encoding switch
            {
                "utf-16" or "utf-16BE" or "utf-8" => [.. Encoding.GetEncoding(encoding).GetPreamble(), .. Encoding.GetEncoding(encoding).GetBytes(text)],
                "latin1" => Encoding.Latin1.GetBytes(text),
                "cr" => Encoding.UTF8.GetBytes(text.Replace("\r\n", "\r", StringComparison.Ordinal)),
                _ => Encoding.UTF8.GetBytes(text),
            };

            var source = ExportFiles.Read([file], "wg0", CancellationToken.None);

            Assert.Equal(("Jörg", "10.8.0.2/32"), (source.Peers.Single().Name, source.Peers.Single().AllowedIPs.Single()));
            Assert.Equal(["10.8.0.1/24"], source.Hub!.Addresses);
        }
    }

    [Fact]
    public void Windows_has_letters_of_its_own_between_ASCII_and_Latin() =>
        Assert.Equal("Š€’ä", UploadedText.Decode([0x8a, 0x80, 0x92, 0xe4]));

    [Fact]
    public void What_holds_zero_bytes_is_no_text() => Assert.Null(UploadedText.Decode("PK\u0003\u0004\0\0"u8));

    [Fact]
    public void A_list_in_the_address_of_an_old_wg_easy_is_an_address_and_networks_behind_it()
    {
        const string Json = """
            {"server":{"address":"10.8.0.1"},"clients":{"a":{"name":"a","publicKey":"x","address":"10.8.0.2, 192.168.7.0/24,172.16.0.1/12"}}}
            """;

        Assert.Equal(["10.8.0.2/32", "192.168.7.0/24", "172.16.0.1/12"], ExportFiles.Read([Encoding.UTF8.GetBytes(Json)], "wg0", Cancel).Peers[0].AllowedIPs);
    }

    [Fact]
    public void Nothing_is_said_of_commands_that_are_empty_and_of_endpoints_that_wg_quick_has_saved()
    {
        var source = Read($"[Interface]\nSaveConfig = true\nPreUp =\nPostUp = \nPreDown =\n[Peer]\nPublicKey = {A}\nEndpoint = 203.0.113.9:40404\n");

        Assert.Single(source.Notices); // SaveConfig itself
        Assert.Null(source.Peers[0].CalledAt);
        Assert.Equal("h:1", Read($"[Interface]\nMTU = 1400\n[Peer]\nPublicKey = {A}\nEndpoint = h:1\n").Peers[0].CalledAt);
    }

    [Fact]
    public void A_database_that_was_in_use_is_told()
    {
        var file = Fixture.Bytes("wg-easy-15.sql");
        (file[18], file[19]) = (2, 2);

        Assert.Contains("-wal", ExportFiles.Read([file], "wg0", Cancel).Notices[0], StringComparison.Ordinal);
    }

    /// <summary>The same files to the real wg and to us.</summary>
    [Theory]
    [InlineData("[Peer]\nPublicKey=A\nAllowedIPs=10.8.0.2/32\n[Peer]\nPublicKey=B\nAllowedIPs=10.8.0.2/32, 10.8.0.3/32")]
    [InlineData("[Peer]\nPublicKey=A\nAllowedIPs=10.8.0.2/32\n[Peer]\nPublicKey=B\nAllowedIPs=10.8.0.3/32\n[Peer]\nPublicKey=A\nAllowedIPs=10.8.0.4/32")]
    [InlineData("[Peer]\nPublicKey=A\nAllowedIPs=10.8.0.2\n[Peer]\nPublicKey=B\nAllowedIPs=10.8.0.3\n[Peer]\nPublicKey=A\nAllowedIPs=10.8.0.3/32\n")]
    [InlineData("[ peer ]\npublickey = A\nallowedips = 10.8.0.5/24,\tfd00::5/64\nAllowedIPs = 10.8.0.7 / 32\n[Peer]\nPublicKey=B\nAllowedIPs=10.8.0.0/24")]
    [InlineData("[Peer]\nPublicKey=A\nPresharedKey=P\nAllowedIPs=10.8.0.2/32\n[Peer]\nPublicKey=A\n")]
    [InlineData("[Peer]\nPublicKey=A\nAllowedIPs=10.0.0.0/8\n[Interface]\nListenPort=0\n[Peer]\nPublicKey=B\nAllowedIPs=10.8.0.0/16\nAllowedIPs=10.8.0.0/16")]
    public async Task A_file_means_what_it_means_to_wg(string text)
    {
        text = text.Replace("=P", $"={A}", StringComparison.Ordinal).Replace("=A", $"={A}", StringComparison.Ordinal)
            .Replace("= A", $"={A}", StringComparison.Ordinal).Replace("=B", $"={B}", StringComparison.Ordinal);
        var file = Path.Combine(Hub.Folder.FullName, "clash.conf");
        await File.WriteAllTextAsync(file, text, Cancel);
        await Wg.RunAsync($"wireguard-go {Hub.Interface}");
        await Wg.RunAsync($"wg setconf {Hub.Interface} {file}");
        var live = await Wg.RunAsync($"wg showconf {Hub.Interface}");

        Assert.Equal(Lines(Read(live).Peers), Lines(WireGuardClashes.Settle(Read(text).Peers)));
    }

    private static string Lines(IEnumerable<ImportedPeer> peers) => string.Join('\n', peers.OrderBy(peer => peer.Key, StringComparer.Ordinal)
        .Select(peer => $"{peer.Key} {peer.PresharedKey is not null} {string.Join(' ', peer.AllowedIPs.Order(StringComparer.Ordinal))}"));

    private static ImportSource Read(string text) => ConfSource.Read(text, ConfSource.WgQuick, CancellationToken.None);
}
