using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WgHub.Hosting;

namespace WgHub.Api;

/// <summary>
/// The one client of our HTTP API. It knows no room: whoever calls brings the types of what is sent and answered. Calls one after the
/// other share a connection that stays open.
/// </summary>
internal sealed class ApiCaller : IDisposable
{
    /// <summary>In bytes. What is larger waits, as with curl, until the server takes it: a refusal comes before it is on its way.</summary>
    private const int LargeBody = 32 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;

    /// <param name="token">An API token; null for a caller without an account.</param>
    public ApiCaller(ApiServer server, Secret? token)
    {
#pragma warning disable CA2000 // the client owns it, and ends it with itself
        var connections = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !server.Url.IsLoopback,
            ActivityHeadersPropagator = null,
            ConnectCallback = server.Connect,
        };
#pragma warning restore CA2000
        if (server.Fingerprint is { } fingerprint)
        {
            connections.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => IsPinned(certificate, fingerprint);
        }

        _http = new(connections) { BaseAddress = new(server.Url.AbsoluteUri.TrimEnd('/') + "/") };
        _http.DefaultRequestHeaders.Accept.Add(new("application/json")); // else a refusal at an address of scripts is a script
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token.Reveal());
    }

    /// <exception cref="ApiException">The server said no.</exception>
    /// <exception cref="HttpRequestException">No answer came, or the server is another one.</exception>
    /// <exception cref="JsonException">The answer has another shape.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendAsync(HttpMethod.Get, path, null, cancellationToken), type);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        Read(await SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), cancellationToken), answerType);

    /// <summary>The same as JSON that stands already.</summary>
    /// <param name="json">UTF-8; null for a call without a body.</param>
    /// <returns>The answer's body.</returns>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = json is null ? null : new ByteArrayContent(json) { Headers = { ContentType = Json } };
        using var answer = await ExchangeAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? body : throw ApiException.Of(answer, body);
    }

    /// <summary>Any request and its answer as they are, a refusal too.</summary>
    /// <exception cref="HttpRequestException">No answer came, or the server is another one.</exception>
    public Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { IsAbsoluteUri: false, OriginalString: ['/', ..] path })
        {
            request.RequestUri = new($".{path}", UriKind.Relative); // of the server, which may be below a path, and not of its host
        }

        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > LargeBody;
        return _http.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static T Read<T>(byte[] json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The answer is null.");

    private static bool IsPinned(X509Certificate? certificate, string fingerprint) => string.Equals(
        certificate?.GetCertHashString(HashAlgorithmName.SHA256), fingerprint.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
