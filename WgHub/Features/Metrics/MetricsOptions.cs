using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>Settings under <c>Metrics</c>.</summary>
internal sealed class MetricsOptions : IValidatableObject
{
    public const string Section = "Metrics";

    /// <summary>False: no series of single spokes. At 5,000 they are a megabyte a scrape.</summary>
    public bool PerSpoke { get; set; } = true;

    /// <summary>Addresses and networks that may read the metrics without a token, separated by commas.</summary>
    public string AllowedAddresses { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => WebOptions.NetworksIn(AllowedAddresses)
        .Where(item => item.Network is null)
        .Select(item => new ValidationResult($"Metrics:AllowedAddresses: '{item.Text}' is no address and no network such as 10.0.0.0/24."));
}

[OptionsValidator]
internal sealed partial class MetricsOptionsValidator : IValidateOptions<MetricsOptions>;
