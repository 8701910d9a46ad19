using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Retention;

/// <summary>Settings under <c>Retention</c>: how long what is kept. 0 is for ever.</summary>
internal sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "Retention";

    private const int FewestAuditDays = 30;

    /// <summary>Tokens that open nothing any more: installation tokens, those of clusters, API tokens.</summary>
    [Range(0, 36_500)]
    public int TokensForDays { get; set; }

    /// <summary>Entries of the audit log.</summary>
    [Range(0, 36_500)]
    public int AuditForDays { get; set; }

    /// <summary>Spokes that nobody hears of any more, or never did.</summary>
    [Range(0, 36_500)]
    public int SpokesForDays { get; set; }

    /// <summary>What becomes of those.</summary>
    [AllowedValues("disable", "remove")]
    public string SpokesThen { get; set; } = "disable";

    public bool IsOn => TokensForDays + AuditForDays + SpokesForDays > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AuditForDays is > 0 and < FewestAuditDays)
        {
            yield return new($"Retention:AuditForDays is 0, for ever, or {FewestAuditDays} and more: {AuditForDays}");
        }
    }
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
