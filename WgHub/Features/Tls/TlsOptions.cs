using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Tls;

/// <summary>Settings under <c>Tls</c>. Without any, the hub makes a certificate of its own.</summary>
internal sealed class TlsOptions : IValidatableObject
{
    public const string Section = "Tls";

    /// <summary>PEM: the certificate first, then those that lead to its authority.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM, without a password.</summary>
    public string? KeyFile { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(CertificateFile) != string.IsNullOrEmpty(KeyFile))
        {
            yield return new($"{Section}:{nameof(CertificateFile)} and {Section}:{nameof(KeyFile)} go together: give both or neither.");
        }
    }
}

[OptionsValidator]
internal sealed partial class TlsOptionsValidator : IValidateOptions<TlsOptions>;
