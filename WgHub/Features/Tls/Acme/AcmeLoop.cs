using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Features.Tls.Acme;

/// <summary>"Look whether the authority is to be asked, now."</summary>
internal sealed class AcmeSignal : Signal;

/// <summary>Keeps the hub's certificate in date: looks every minute whether it is time to ask the authority, and serves what it gives.</summary>
internal sealed class AcmeLoop(
    AcmeOrders orders, AcmeIssuer issuer, Certificates certificates, AcmeSignal signal, IHostApplicationLifetime lifetime, TimeProvider time,
    IOptions<AcmeOptions> options, ILogger<AcmeLoop> logger)
    : Loop(TimeSpan.FromMinutes(1), signal, time, logger)
{
    private readonly TimeProvider _time = time;
    private readonly Signal _signal = signal;

    /// <summary>Serves the certificate of an earlier run from the first handshake on; the authority can come only once the server listens.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsOn && orders.Certificate is { } kept && kept.NotAfter > _time.GetUtcNow())
        {
            certificates.Install(kept, CertificateSource.Acme);
        }

        lifetime.ApplicationStarted.Register(_signal.Set);
        return base.StartAsync(cancellationToken);
    }

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return;
        }

        var wish = options.Value.Wish;
        if (_time.GetUtcNow() < AcmeSchedule.DueAt(wish, orders.Last, orders.Certificate?.Leaf))
        {
            return;
        }

        var order = await orders.BeginAsync(wish, cancellationToken);
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var chain = await issuer.IssueAsync(key, cancellationToken);
            var pair = await orders.SucceedAsync(order, chain, key, cancellationToken);
            certificates.Install(pair, CertificateSource.Acme);
        }
        catch (AcmeException problem)
        {
            await orders.FailAsync(order, problem, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await orders.TakeBackAsync(order);
            throw;
        }
    }
}
