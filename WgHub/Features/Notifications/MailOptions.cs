using System.ComponentModel.DataAnnotations;
using MailKit.Security;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Features.Notifications;

/// <summary>Settings under <c>Mail</c>: the server that takes the hub's mail.</summary>
internal sealed class MailOptions : IValidatableObject
{
    public const string Section = "Mail";

    private const string StartTls = "starttls";
    private const string ImplicitTls = "implicit";
    private const string NoTls = "none";

    /// <summary>Empty: the hub sends no mail.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c>, which is asked for and never left out; <c>implicit</c> from the first byte on; <c>none</c>.</summary>
    [AllowedValues(StartTls, ImplicitTls, NoTls)]
    public string Tls { get; set; } = StartTls;

    /// <summary>Empty: nobody signs in there.</summary>
    public string User { get; set; } = "";

    /// <summary>A file with the password in its first line: for its owner alone, readable for the hub.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Whom mail comes from.</summary>
    public string From { get; set; } = "";

    public bool IsSet => Host.Length > 0;

    public SecureSocketOptions Security => Tls switch
    {
        ImplicitTls => SecureSocketOptions.SslOnConnect,
        NoTls => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <exception cref="InvalidDataException">The file cannot be read, or others can.</exception>
    public Secret Password()
    {
        try
        {
            return PrivateFiles.WarningOf(PasswordFile) is { } warning
                ? throw new InvalidDataException(warning)
                : new(File.ReadLines(PasswordFile).FirstOrDefault() ?? throw new InvalidDataException($"Mail:PasswordFile is empty: {PasswordFile}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Mail:PasswordFile cannot be read: {PasswordFile}", exception);
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsSet && !MailAddresses.IsAddress(From))
        {
            yield return new($"Mail:From is the mail address that the hub writes from, such as wghub@example.com: '{From}'");
        }

        if (User.Length > 0 && PasswordFile.Length == 0)
        {
            yield return new("Mail:User needs Mail:PasswordFile.");
        }

        if (User.Length > 0 && Tls == NoTls)
        {
            yield return new("Mail:User needs Mail:Tls to be starttls or implicit: a password goes nowhere in clear.");
        }
    }
}

[OptionsValidator]
internal sealed partial class MailOptionsValidator : IValidateOptions<MailOptions>;
