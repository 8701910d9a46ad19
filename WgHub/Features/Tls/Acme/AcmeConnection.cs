using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WgHub.Features.Tls.Acme;

/// <param name="Location">The address of what was made.</param>
/// <param name="RetryAfter">When it makes sense to ask again; null when nothing was said.</param>
internal sealed record AcmeAnswer(byte[] Body, string? Location, TimeSpan? RetryAfter);

/// <summary>Signed requests to one authority, each with a nonce that it gave. What it says is checked: size, form, addresses.</summary>
internal sealed class AcmeConnection(HttpClient http, AcmeAccountKey key, TimeProvider time)
{
    private const int NonceAttempts = 4;

    private static readonly MediaTypeHeaderValue Jose = new("application/jose+json");

    private string? _nonce;
    private string? _newNonce;

    /// <summary>Address of the account; requests before it is known carry the key itself.</summary>
    public string? Account { get; set; }

    /// <exception cref="AcmeException">The authority cannot be reached or refuses.</exception>
    public async Task<AcmeDirectory> DirectoryAsync(string url, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new(HttpMethod.Get, Checked(url)), cancellationToken);
        var body = await BodyAsync(response, cancellationToken);
        if ((int)response.StatusCode >= 500)
        {
            throw AcmeException.From(ProblemIn(body, response.StatusCode), null, RetryAfter(response));
        }

        var directory = Read(body, AcmeJson.Default.AcmeDirectory);
        _newNonce = directory.NewNonce;
        return directory;
    }

    /// <summary>POST-as-GET: reads what only the account may see.</summary>
    public async Task<(T Value, TimeSpan? RetryAfter)> GetAsync<T>(string url, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(url, [], cancellationToken);
        return (Read(answer.Body, type), answer.RetryAfter);
    }

    public Task<AcmeAnswer> PostAsync<T>(string url, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PostAsync(url, JsonSerializer.SerializeToUtf8Bytes(message, type), cancellationToken);

    /// <param name="payload">JSON; empty for POST-as-GET.</param>
    /// <exception cref="AcmeException">The authority cannot be reached or refuses.</exception>
    public async Task<AcmeAnswer> PostAsync(string url, byte[] payload, CancellationToken cancellationToken)
    {
        var address = Checked(url);
        for (var attempt = 1; ; attempt++)
        {
            var content = new ByteArrayContent(key.Sign(url, await NonceAsync(cancellationToken), Account, payload));
            content.Headers.ContentType = Jose;
            using var response = await SendAsync(new(HttpMethod.Post, address) { Content = content }, cancellationToken);
            var body = await BodyAsync(response, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return new(body, response.Headers.Location?.OriginalString, RetryAfter(response));
            }

            var refusal = AcmeException.From(ProblemIn(body, response.StatusCode), null, RetryAfter(response));

            // RFC 8555 §6.5: a nonce can be stale for no fault of ours; the refusal brought a fresh one.
            if (refusal.Kind != "badNonce" || attempt == NonceAttempts)
            {
                throw refusal;
            }
        }
    }

    /// <exception cref="AcmeException">It is not what the protocol says.</exception>
    public static T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw AcmeException.Garbled();
        }
        catch (JsonException)
        {
            throw AcmeException.Garbled();
        }
    }

    private async Task<string> NonceAsync(CancellationToken cancellationToken)
    {
        if (_nonce is null)
        {
            using var response = await SendAsync(new(HttpMethod.Head, Checked(_newNonce ?? throw AcmeException.Garbled())), cancellationToken);
        }

        var nonce = _nonce ?? throw AcmeException.Garbled();
        _nonce = null;
        return nonce;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                var response = await http.SendAsync(request, cancellationToken);
                _nonce = response.Headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.First() : null;
                return response;
            }
            catch (HttpRequestException exception)
            {
                throw AcmeException.Unreachable(request.RequestUri!.Authority, exception);
            }
            catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
            {
                throw AcmeException.Silent(request.RequestUri!.Authority, exception);
            }
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await response.Content.ReadAsByteArrayAsync(cancellationToken);

    private static AcmeProblem ProblemIn(byte[] body, HttpStatusCode status)
    {
        var bare = new AcmeProblem((int)status >= 500 ? AcmeException.Urn("serverInternal") : null, $"HTTP {(int)status}");
        try
        {
            return JsonSerializer.Deserialize(body, AcmeJson.Default.AcmeProblem) is { Type: not null } problem ? problem : bare;
        }
        catch (JsonException)
        {
            return bare;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date - time.GetUtcNow()) : null;

    /// <summary>An address that the authority gave: it does not lead the hub to plain HTTP, or to a file.</summary>
    private static Uri Checked(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : throw AcmeException.Garbled();
}
