using System.Runtime.InteropServices;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>Asks <see cref="CertificateLoop"/> to look at the files now.</summary>
internal sealed class CertificateSignal : Signal;

/// <summary>
/// Brings the right certificate to <see cref="Certificates"/>: before the first connection, when the files have another content, and when the
/// hub's own runs out.
/// What cannot be served leaves the one that is.
/// </summary>
internal sealed partial class CertificateLoop(
    ServerStart start, Certificates certificates, CertificateFiles files, SelfSigned selfSigned, CertificateSignal signal,
    TimeProvider time, ILogger<CertificateLoop> logger)
    : Loop(Period, signal, time, logger)
{
    // Polled, because a watcher does not see the flip of a symbolic link.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly CertificateSignal _signal = signal;
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private PosixSignalRegistration? _hangUp;
    private string? _served;

    /// <exception cref="InvalidDataException">The files are there at the start, and useless.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!start.Urls.Any(Listeners.IsHttps))
        {
            return; // nobody asks for a certificate
        }

        if (files.AreNamed)
        {
            // One that has run out is better than no hub at all: browsers say themselves what is wrong.
            var text = files.Read();
            Serve(CertificateFiles.Parse(text), text);
        }
        else
        {
            certificates.Install(await selfSigned.GetAsync(cancellationToken), CertificateSource.SelfSigned);
        }

        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _signal.Set();
        });
        await base.StartAsync(cancellationToken);
    }

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (files.AreNamed)
        {
            Reload();
        }
        else if (certificates is { Source: CertificateSource.SelfSigned, Current: { } current } && selfSigned.IsDue(current))
        {
            certificates.Install(await selfSigned.GetAsync(cancellationToken), CertificateSource.SelfSigned);
        }
    }

    public override void Dispose()
    {
        _hangUp?.Dispose();
        base.Dispose();
    }

    private void Reload()
    {
        try
        {
            var text = files.Read();
            if (text.Hash != _served)
            {
                var pair = CertificateFiles.Parse(text);
                var now = _time.GetUtcNow();
                if (pair.NotAfter <= now || pair.NotBefore > now)
                {
                    throw new InvalidDataException(
                        $"Tls:CertificateFile holds a certificate from {pair.NotBefore:u} until {pair.NotAfter:u}, which is not now.");
                }

                Serve(pair, text);
            }

            certificates.LastError = null;
        }
        catch (InvalidDataException exception)
        {
            if (certificates.LastError != exception.Message)
            {
                LogKept(_logger, exception.Message);
            }

            certificates.LastError = exception.Message;
        }
    }

    private void Serve(CertificatePair pair, CertificateText text)
    {
        certificates.Install(pair, CertificateSource.File);
        _served = text.Hash;
        LogServed(_logger, pair.NotAfter);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving the certificate of the files, valid until {NotAfter:u}.")]
    private static partial void LogServed(ILogger logger, DateTimeOffset notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate files are not taken, the one before goes on: {Reason}")]
    private static partial void LogKept(ILogger logger, string reason);
}
