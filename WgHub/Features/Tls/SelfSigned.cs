using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>The hub's own certificate, for as long as no authority vouches for it. Its key is made once: install lines hold on to it.</summary>
internal sealed class SelfSigned(CertificateStore store, Database database, IOptions<WebOptions> web, TimeProvider time)
{
    public const string Name = "self-signed";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Apple's systems refuse more than 825 days, also where somebody trusts the certificate by hand.
    private static readonly TimeSpan Life = TimeSpan.FromDays(820);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    // The other side's clock may be behind.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromDays(1);

    /// <summary>The one that is kept, as it is; null before the first start with https.</summary>
    public CertificatePair? Kept => store.Find(Name) is { } stored ? PairOf(stored) : null;

    public bool IsDue(CertificatePair pair) => pair.NotAfter - RenewBefore < time.GetUtcNow();

    /// <summary>The one that is kept; made anew, with the same key, when it runs out or lacks one of the names that this machine has now.</summary>
    public async Task<CertificatePair> GetAsync(CancellationToken cancellationToken)
    {
        var names = Names();
        return Kept is { } kept && IsGood(kept, names) ? kept : await database.WriteAsync(tx => Renew(tx, names), cancellationToken);
    }

    private bool IsGood(CertificatePair pair, List<string> names) => !IsDue(pair) && names.TrueForAll(pair.Names.Contains);

    private CertificatePair Renew(Tx tx, List<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (store.Find(tx, Name) is { } stored)
        {
            key.ImportFromPem(stored.Key.Reveal());
        }

        var pair = CertificatePair.From(Sign(key, names), []);
        store.Save(tx, Name, pair.ChainPem, new(key.ExportPkcs8PrivateKeyPem()));
        return pair;
    }

    private X509Certificate2 Sign(ECDsa key, List<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        var request = new CertificateRequest("O=WgHub, CN=WgHub self-signed", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now - ClockSlack, now + Life);
    }

    /// <summary>What this machine is called, and how the settings call it.</summary>
    private List<string> Names()
    {
        IEnumerable<string> hosts = [Environment.MachineName, "localhost", .. web.Value.PublicUrl is { Length: > 0 } url ? new[] { new Uri(url).IdnHost } : []];
        return [.. hosts.Where(host => Uri.CheckHostName(host) != UriHostNameType.Unknown)
            .Select(host => host.Trim('[', ']').ToLowerInvariant())
            .Concat(OwnAddresses())
            .Distinct()];
    }

    // Of links with a way out, where others come in: a bridge or a tunnel that comes and goes must not make browsers warn anew.
    private static IEnumerable<string> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(link => link.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
        .Select(link => (link.NetworkInterfaceType, Properties: link.GetIPProperties()))
        .Where(link => link.NetworkInterfaceType == NetworkInterfaceType.Loopback || link.Properties.GatewayAddresses.Count > 0)
        .SelectMany(link => link.Properties.UnicastAddresses, (_, unicast) => unicast.Address)
        .Where(address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal)
        .Select(address => address.ToString());

    private static CertificatePair PairOf(StoredCertificate stored) => CertificatePair.FromPem(stored.Chain, stored.Key);
}
