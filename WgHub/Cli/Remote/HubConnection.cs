using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>A hub that answers.</summary>
/// <param name="token">Null for this machine's hub, which knows who connects.</param>
/// <param name="socket">Of this machine's hub; null for one elsewhere.</param>
internal sealed class HubConnection(ApiServer server, Secret? token, string? socket) : IDisposable
{
    private readonly ApiCaller _caller = new(server, token);

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 64 };

    /// <exception cref="ApiException">The hub said no.</exception>
    /// <exception cref="IOException">No hub answers.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    /// <param name="revision">What <c>If-Match</c> is to say; null for nothing.</param>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, string? revision, CancellationToken cancellationToken)
    {
        var answer = await ExchangeAsync(method, path, body?.ToJsonString(), revision, cancellationToken);
        if (answer.Length == 0)
        {
            return default;
        }

        try
        {
            using var json = JsonDocument.Parse(answer, Deep);
            return json.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new IOException("What answers is no hub: this is not the JSON of its API.", exception);
        }
    }

    /// <summary>An answer as it is.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<byte[]> ExchangeAsync(HttpMethod method, string path, string? body, string? revision, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (revision is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{revision}\"");
        }

        try
        {
            using var answer = await _caller.ExchangeAsync(request, cancellationToken);
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? bytes : throw ApiException.Of(answer, bytes);
        }
        catch (HttpRequestException exception)
        {
            throw new IOException(SentenceOf(exception), exception);
        }
    }

    public void Dispose() => _caller.Dispose();

    private string SentenceOf(HttpRequestException exception) => (socket, exception.GetBaseException()) switch
    {
        (null, var cause) => $"The hub cannot be reached: {cause.Message.TrimEnd('.')}.",
        (_, SocketException { SocketErrorCode: SocketError.AccessDenied }) => $"{socket} is not for this user. Use sudo, or --server with a token.",
        (_, SocketException) =>
            $"No hub runs on this data directory: nothing answers at {socket}. Start it, name another with --data, or one elsewhere with --server.",
        _ => $"The hub at {socket} hung up: it takes commands of root and of its own user alone.",
    };
}
