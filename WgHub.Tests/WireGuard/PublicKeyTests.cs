using System.Text;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class PublicKeyTests
{
    [Fact]
    public void Thirty_two_bytes_come_back_as_they_were_written() =>
        Any.Holds(Any.KeyBytes, bytes => PublicKey.Parse(Convert.ToBase64String(bytes)).ToString() == Convert.ToBase64String(bytes));

    [Fact]
    public void Another_number_of_bytes_is_no_key() =>
        Any.Holds(
            Any.Byte.ListOf().Where(bytes => bytes.Count != 32),
            bytes => !PublicKey.TryParse(Convert.ToBase64String([.. bytes]), out _));

    [Fact]
    public void One_character_changed_is_another_key_or_none() =>
        Any.Holds(
            Any.KeyBytes.Zip(Gen.Choose(0, 43)).Zip(Gen.Choose(0, 0x17f).Select(number => (char)number)),
            changed =>
            {
                var ((bytes, position), character) = changed;
                var text = Convert.ToBase64String(bytes);
                var other = new StringBuilder(text) { [position] = character }.ToString();
                return other == text || !PublicKey.TryParse(other, out var key) || key != PublicKey.Parse(text);
            });

    [Fact]
    public void Keys_are_equal_when_their_bytes_are() =>
        Any.Holds(Any.KeyBytes.Zip(Any.KeyBytes), pair =>
            (PublicKey.Parse(Convert.ToBase64String(pair.Item1)) == PublicKey.Parse(Convert.ToBase64String(pair.Item2))) == pair.Item1.SequenceEqual(
                pair.Item2));

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]      // spare bits that are not zero
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]       // without its padding
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("----------------------------------------AAA=")]     // base64url
    [InlineData("АAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]      // its first letter is Cyrillic
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("")]
    [InlineData(null)]
    public void Another_spelling_is_no_key(string? text) => Assert.False(PublicKey.TryParse(text, out _));

    /// <summary>The points of order 1, 2, 4 and 8 and their other spellings modulo 2^255 - 19, as RFC 7748 §6.1 has one check for them.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_point_of_low_order_is_known_with_and_without_its_highest_bit(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(PublicKey.Parse(Convert.ToBase64String(bytes)).IsLowOrder);

        bytes[31] |= 0x80;
        Assert.True(PublicKey.Parse(Convert.ToBase64String(bytes)).IsLowOrder);

        bytes[15] ^= 0x10;
        Assert.False(PublicKey.Parse(Convert.ToBase64String(bytes)).IsLowOrder);
    }

    [Fact]
    public async Task A_key_that_wg_makes_is_one()
    {
        var secret = await Wg.RunAsync("wg genkey");
        var text = (await Shell.RunAsync(["wg", "pubkey"], secret, TestContext.Current.CancellationToken)).OrThrow().Trim();

        Assert.Equal(text, PublicKey.Parse(text).ToString());
        Assert.False(PublicKey.Parse(text).IsLowOrder);
    }
}
