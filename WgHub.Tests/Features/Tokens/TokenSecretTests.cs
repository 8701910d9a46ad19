using System.Buffers.Text;

namespace WgHub.Features.Tokens;

public sealed class TokenSecretTests
{
    private const int Many = 10_000;

    [Fact]
    public void It_is_256_bits_of_chance()
    {
        var secrets = Enumerable.Range(0, Many).Select(_ => Base64Url.DecodeFromChars(TokenSecret.New().Reveal())).ToList();

        Assert.All(secrets, secret => Assert.Equal(32, secret.Length));
        Assert.All(Enumerable.Range(0, 32), place => Assert.Equal(256, secrets.Select(secret => secret[place]).Distinct().Count()));
        Assert.Equal(Many, secrets.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void It_is_kept_as_a_hash_and_printed_as_nothing()
    {
        var secret = TokenSecret.New();

        Assert.Matches("^[0-9a-f]{64}$", secret.Hash);
        Assert.Equal("***", $"{secret}");
    }
}
