using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Policy;

/// <summary>Settings under <c>Policy</c>.</summary>
internal sealed class PolicyOptions : IValidatableObject
{
    public const string Section = "Policy";

    /// <summary>Bits of a packet's mark that others use: wg-quick, Tailscale, kube-proxy.</summary>
    private static readonly (uint Bits, string Whose)[] Taken = [(0xCA6C, "wg-quick and kube-proxy use"), (0x00FF0000, "Tailscale uses")];

    /// <summary>The bit of a packet's mark that says "allowed", in hexadecimal: one that nothing else on this machine uses.</summary>
    [Required, RegularExpression("^0[xX][0-9a-fA-F]{1,8}$", ErrorMessage = "one bit in hexadecimal, such as 0x01000000")]
    public string MarkBit { get; set; } = "0x01000000";

    public uint Mark => uint.Parse(MarkBit.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BitOperations.IsPow2(Mark))
        {
            yield return new("one bit in hexadecimal, such as 0x01000000", [nameof(MarkBit)]);
        }

        foreach (var (bits, whose) in Taken.Where(taken => (taken.Bits & Mark) != 0))
        {
            yield return new($"a bit that nobody else uses; {whose} 0x{bits:x8}", [nameof(MarkBit)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class PolicyOptionsValidator : IValidateOptions<PolicyOptions>;
