using System.Collections.Concurrent;

namespace WgHub.Features.Tls.Acme;

/// <summary>What the authority finds when it comes to look. Empty but for the seconds of an order.</summary>
internal sealed class AcmeChallenges(Certificates certificates, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _serverNames = [];

    /// <summary>What the file of http-01 holds; null when nobody asked for it to be there.</summary>
    public string? FileOf(string token) => _files.GetValueOrDefault(token);

    /// <summary>Shows the answer to a challenge.</summary>
    public void Show(ChallengeKind kind, AcmeIdentifier name, string token, string keyAuthorization)
    {
        if (kind == ChallengeKind.Http01)
        {
            _files[token] = keyAuthorization;
            return;
        }

        certificates.Present(name.ServerName, CertificateSigning.ForChallenge(name, keyAuthorization, time.GetUtcNow()));
        _serverNames.Add(name.ServerName);
    }

    /// <summary>The order is over.</summary>
    public void Clear()
    {
        _files.Clear();
        while (_serverNames.TryTake(out var serverName))
        {
            certificates.TakeBack(serverName);
        }
    }
}
