using Microsoft.Extensions.Options;

namespace WgHub.Features.Tls.Acme;

/// <summary>Settings under <c>Tls</c> that speak of the authority.</summary>
internal sealed class AcmeOptions
{
    public const string Section = "Tls";

    private const string LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";
    private const string LetsEncryptStaging = "https://acme-staging-v02.api.letsencrypt.org/directory";

    /// <summary>DNS names and addresses to get one certificate for, by comma. Empty: no authority is asked.</summary>
    public string AcmeNames { get; set; } = "";

    /// <summary>Where the authority may write to.</summary>
    public string? AcmeEmail { get; set; }

    /// <summary>The operator has read the authority's terms and agrees.</summary>
    public bool AcmeAcceptTerms { get; set; }

    /// <summary>Let's Encrypt's place for trials: generous limits, certificates that nobody trusts.</summary>
    public bool AcmeStaging { get; set; }

    /// <summary>Another authority's directory.</summary>
    public string? AcmeDirectory { get; set; }

    /// <summary>PEM of the roots that the authority's own TLS is checked against, instead of the system's: for private authorities.</summary>
    public string? AcmeCaFile { get; set; }

    /// <summary>Which of the authority's kinds of certificate.</summary>
    public string? AcmeProfile { get; set; }

    // What follows is read from the settings and is none.
    internal bool IsOn => Names.Length > 0;

    internal string Directory => AcmeDirectory is { Length: > 0 } other ? other : AcmeStaging ? LetsEncryptStaging : LetsEncrypt;

    internal bool IsStaging => Directory == LetsEncryptStaging;

    /// <summary>The names as they are written, one by one.</summary>
    internal string[] Names => AcmeNames.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <exception cref="FormatException">Not after a start: it was checked.</exception>
    internal IReadOnlyList<AcmeIdentifier> Identifiers =>
        [.. Names.Select(name => AcmeIdentifier.TryParse(name, out var identifier) ? identifier : throw new FormatException(name)).Distinct()];

    internal AcmeWish Wish => new(Directory, Identifiers, AcmeEmail is { Length: > 0 } ? AcmeEmail : null, AcmeProfile is { Length: > 0 } ? AcmeProfile : null);
}

internal sealed class AcmeOptionsValidator : IValidateOptions<AcmeOptions>
{
    private const int MostNames = 100; // of Let's Encrypt, and of most others

    public ValidateOptionsResult Validate(string? name, AcmeOptions options) =>
        FirstProblem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private static string? FirstProblem(AcmeOptions options) => options switch
    {
        { IsOn: false } => null,
        { AcmeAcceptTerms: false } => "Tls:AcmeAcceptTerms: set it to true when you have read the terms of the certificate authority and agree to them.",
        { Names.Length: > MostNames } => $"Tls:AcmeNames: at most {MostNames} names.",
        _ when options.Names.FirstOrDefault(name => !AcmeIdentifier.TryParse(name, out _)) is { } bad =>
            $"Tls:AcmeNames: {bad} is neither a DNS name such as vpn.example.com nor an IP address. Wildcards are not possible.",
        _ when !Uri.TryCreate(options.Directory, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps => "Tls:AcmeDirectory: a URL with https.",
        { AcmeEmail: { Length: > 0 } email } when !System.Net.Mail.MailAddress.TryCreate(email, out _) =>
            "Tls:AcmeEmail: an address such as admin@example.com.",
        { AcmeCaFile: { Length: > 0 } file } when !File.Exists(file) => "Tls:AcmeCaFile: there is no such file.",
        _ => null,
    };
}
