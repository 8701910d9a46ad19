using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace WgHub.Features.Notifications;

/// <summary>Sends a message by mail. Headers are made of types: nothing that a spoke or a person wrote can end one and begin another.</summary>
internal sealed class MailSender(IOptions<MailOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="id">The same at each try: who gets it twice can tell.</param>
    public async Task<Outcome> SendAsync(MailAddresses to, string id, string body, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (!settings.IsSet)
        {
            return Outcome.Unreachable("There is no mail server: set Mail:Host and Mail:From.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var mail = Compose(settings.From, to, id, body);
            using var client = new Client { CheckCertificateRevocation = false }; // most authorities of one's own tell of none
            await client.ConnectAsync(settings.Host, settings.Port, settings.Security, limit.Token);
            if (settings.User.Length > 0)
            {
                await client.AuthenticateAsync(settings.User, settings.Password().Reveal(), limit.Token);
            }

            await client.SendAsync(mail, limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return Outcome.Delivered(
                client.Refused.Count == 0 ? "The mail server took it." : $"The mail server took it, but not for {string.Join(", ", client.Refused)}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome.Unreachable($"The mail server did not answer within {Limit.TotalSeconds} s.");
        }
        catch (SmtpCommandException exception)
        {
            var said = FormattableString.Invariant($"The mail server refused it: {(int)exception.StatusCode}.");
            return (int)exception.StatusCode is >= 500 and < 600 ? Outcome.Refused(said) : Outcome.Unreachable(said);
        }
        catch (Exception exception) when (WhyOf(exception) is not null)
        {
            return Outcome.Unreachable(WhyOf(exception)!);
        }
    }

    /// <returns>Null for what is no failure of the other side or of the settings.</returns>
    private static string? WhyOf(Exception exception) => exception switch
    {
        MailKit.Security.SslHandshakeException => "The mail server's certificate is not trusted, or is for another name.",
        MailKit.Security.AuthenticationException => "The mail server does not take Mail:User with that password.",
        NotSupportedException => "The mail server does not offer what Mail:Tls or Mail:User ask for.",
        InvalidDataException => exception.Message,
        SocketException socket => $"The mail server cannot be connected to: {socket.SocketErrorCode}.",
        ProtocolException or ServiceNotAuthenticatedException => "The mail server does not speak SMTP as it should.",
        AuthenticationException or IOException => "The connection to the mail server broke.",
        _ => null,
    };

    private MimeMessage Compose(string from, MailAddresses to, string id, string body)
    {
        using var json = JsonDocument.Parse(body);
        var mail = new MimeMessage { Date = time.GetUtcNow(), MessageId = $"{id}@{from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}" };
        mail.From.Add(new MailboxAddress("WgHub", from));
        mail.To.AddRange(to.List.Select(address => new MailboxAddress(null, address)));
        mail.Subject = $"[WgHub] {MailText.SubjectOf(json.RootElement)}";
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no machine answers it
        mail.Body = new TextPart("plain") { Text = MailText.Of(json.RootElement) };
        return mail;
    }

    /// <summary>One address that is none must not keep the mail from the others.</summary>
    private sealed class Client : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            if ((int)response.StatusCode < 500)
            {
                base.OnRecipientNotAccepted(message, mailbox, response); // it may be taken later
            }

            Refused.Add(mailbox.Address);
        }
    }
}
