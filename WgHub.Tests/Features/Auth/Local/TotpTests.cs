using System.Text;

namespace WgHub.Features.Auth.Local;

public sealed class TotpTests
{
    private static readonly TotpSeed Seed = new(Encoding.ASCII.GetBytes("12345678901234567890"));

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);

    private static readonly long Step = Now.ToUnixTimeSeconds() / 30;

    /// <summary>RFC 6238, appendix B; of its eight digits the last six.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void The_codes_are_those_of_the_RFC(long seconds, string code) =>
        Assert.Equal(seconds / 30, Totp.Match(code, Seed, DateTimeOffset.FromUnixTimeSeconds(seconds), 0));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(-20, false)] // a clock that is wrong by ten minutes
    [InlineData(20, false)]
    public void A_code_counts_one_step_before_and_after_its_own(int steps, bool counts) =>
        Assert.Equal(counts ? Step + steps : null, Totp.Match(CodeOf(steps), Seed, Now, 0));

    [Fact]
    public void A_used_code_and_the_one_before_it_count_no_more()
    {
        Assert.Null(Totp.Match(CodeOf(0), Seed, Now, lastStep: Step));
        Assert.Null(Totp.Match(CodeOf(-1), Seed, Now, lastStep: Step));
        Assert.Equal(Step + 1, Totp.Match(CodeOf(1), Seed, Now, lastStep: Step));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00592")]
    [InlineData("0059240")]
    [InlineData("٠٠٥٩٢٤")] // the right digits, in Arabic
    [InlineData("005924\0")]
    public void What_is_not_six_digits_is_no_code(string code) => Assert.Null(Totp.Match(code, Seed, Now, 0));

    [Fact]
    public void An_app_is_told_the_seed_and_whose_it_is()
    {
        Assert.Equal("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", Totp.Spell(Seed));
        Assert.Equal(
            "otpauth://totp/WgHub%20vpn.example.com:a%26b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=WgHub%20vpn.example.com",
            Totp.Address(Seed, "vpn.example.com", "a&b"));
    }

    private static string CodeOf(int steps) => new OtpNet.Totp(Seed.Reveal()).ComputeTotp(Now.UtcDateTime.AddSeconds(30 * steps));
}
