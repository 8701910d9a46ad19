using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.Features.Tls.Acme;

/// <summary>What is wanted of an authority.</summary>
/// <param name="Directory">The authority's address.</param>
/// <param name="Profile">Which of its kinds of certificate; null for its own choice.</param>
internal sealed record AcmeWish(string Directory, IReadOnlyList<AcmeIdentifier> Names, string? Email, string? Profile);

/// <summary>Gets a certificate from an authority, RFC 8555: account, order, proof of each name, certificate.</summary>
internal sealed class AcmeClient(HttpClient http, AcmeAccountKey account, AcmeChallenges challenges, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>For the whole order.</summary>
    public TimeSpan TotalLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For the proof of one name.</summary>
    public TimeSpan ProofLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the proof of one name once the authority has said that it did not find it: some look again, some do not.</summary>
    public TimeSpan FailedProofLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <param name="key">Of the certificate; not the account's.</param>
    /// <param name="kind">How each name is proved.</param>
    /// <returns>The chain in PEM, the leaf first.</returns>
    /// <exception cref="AcmeException">No certificate, and why.</exception>
    public async Task<string> OrderAsync(AcmeWish wish, ECDsa key, ChallengeKind kind, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TotalLimit);
        try
        {
            return await OrderWithinAsync(wish, key, kind, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw AcmeException.TimedOut(string.Join(", ", wish.Names), kind);
        }
        finally
        {
            challenges.Clear();
        }
    }

    private async Task<string> OrderWithinAsync(AcmeWish wish, ECDsa key, ChallengeKind kind, CancellationToken cancellationToken)
    {
        var connection = new AcmeConnection(http, account, time);
        var directory = await connection.DirectoryAsync(wish.Directory, cancellationToken);

        // An account that is there already is found by its key: nothing of it needs to be remembered.
        var contact = wish.Email is { } email ? new[] { $"mailto:{email}" } : null;
        var made = await connection.PostAsync(directory.NewAccount, new(true, contact), AcmeJson.Default.AcmeNewAccount, cancellationToken);
        connection.Account = made.Location ?? throw AcmeException.Garbled();

        var asked = new AcmeNewOrder([.. wish.Names.Select(name => new AcmeName(name.Type, name.Value))], ProfileOf(wish, directory));
        made = await connection.PostAsync(directory.NewOrder, asked, AcmeJson.Default.AcmeNewOrder, cancellationToken);
        var url = made.Location ?? throw AcmeException.Garbled();
        var order = AcmeConnection.Read(made.Body, AcmeJson.Default.AcmeOrderState);
        foreach (var authorization in order.Authorizations.Take(wish.Names.Count))
        {
            await ProveAsync(connection, authorization, kind, cancellationToken);
        }

        await SettledAsync(connection, url, kind, cancellationToken);
        var request = Base64Url.EncodeToString(CertificateSigning.Request(wish.Names, key));
        await connection.PostAsync(order.Finalize, new(request), AcmeJson.Default.AcmeFinalize, cancellationToken);
        order = await SettledAsync(connection, url, kind, cancellationToken);

        var chain = await connection.PostAsync(order.Certificate ?? throw AcmeException.Garbled(), [], cancellationToken);
        return Checked(Encoding.ASCII.GetString(chain.Body), wish.Names, key);
    }

    /// <summary>Let's Encrypt certifies addresses with one of its profiles only; whoever asks for an address means that one.</summary>
    private static string? ProfileOf(AcmeWish wish, AcmeDirectory directory)
    {
        const string ForAddresses = "shortlived";
        return wish.Profile ?? (wish.Names.Any(name => name.IsAddress) && directory.Meta?.Profiles?.ContainsKey(ForAddresses) == true ? ForAddresses : null);
    }

    /// <summary>Shows that a name is ours, and waits until the authority has seen it.</summary>
    private async Task ProveAsync(AcmeConnection connection, string url, ChallengeKind kind, CancellationToken cancellationToken)
    {
        var (authorization, _) = await connection.GetAsync(url, AcmeJson.Default.AcmeAuthorization, cancellationToken);
        if (authorization.Status == "valid")
        {
            return; // proved a short while ago
        }

        var name = new AcmeIdentifier(authorization.Identifier.Type, authorization.Identifier.Value);
        var challenge = authorization.Challenges.FirstOrDefault(challenge => challenge.Type == kind.Name)
            ?? throw AcmeException.ChallengeMissing(name.Value, kind);
        var token = challenge.Token ?? throw AcmeException.Garbled();
        challenges.Show(kind, name, token, $"{token}.{account.Thumbprint}");
        await connection.PostAsync(challenge.Url, "{}"u8.ToArray(), cancellationToken);

        var start = time.GetTimestamp();
        for (var pause = ShortestPause; ; pause *= 2)
        {
            (authorization, var retryAfter) = await connection.GetAsync(url, AcmeJson.Default.AcmeAuthorization, cancellationToken);
            var problem = authorization.Challenges.FirstOrDefault(challenge => challenge.Type == kind.Name)?.Error;
            if (authorization.Status == "valid")
            {
                return;
            }

            var isOver = authorization.Status != "pending" || time.GetElapsedTime(start) > (problem is null ? ProofLimit : FailedProofLimit);
            if (isOver)
            {
                throw problem is null ? AcmeException.TimedOut(name.Value, kind) : AcmeException.From(problem, kind, name: name.Value);
            }

            await Task.Delay(Pause(retryAfter ?? pause), time, cancellationToken);
        }
    }

    /// <returns>The order when it waits for us (ready), or is done (valid).</returns>
    private async Task<AcmeOrderState> SettledAsync(AcmeConnection connection, string url, ChallengeKind kind, CancellationToken cancellationToken)
    {
        for (var pause = ShortestPause; ; pause *= 2)
        {
            var (order, retryAfter) = await connection.GetAsync(url, AcmeJson.Default.AcmeOrderState, cancellationToken);
            switch (order.Status)
            {
                case "ready" or "valid":
                    return order;
                case "invalid":
                    throw AcmeException.From(order.Error ?? new(), kind);
            }

            await Task.Delay(Pause(retryAfter ?? pause), time, cancellationToken);
        }
    }

    private static TimeSpan Pause(TimeSpan wished) => wished < ShortestPause ? ShortestPause : wished > LongestPause ? LongestPause : wished;

    /// <summary>Nothing is served that clients would refuse: the key, and the names.</summary>
    private static string Checked(string chain, IReadOnlyList<AcmeIdentifier> names, ECDsa key)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(chain);
            using var certified = leaf.GetECDsaPublicKey();
            return certified
                is not null
                && certified.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
                && AcmeIdentifier.AreOf(leaf, names)
                ? chain
                : throw AcmeException.WrongCertificate();
        }
        catch (CryptographicException)
        {
            throw AcmeException.WrongCertificate();
        }
    }
}
