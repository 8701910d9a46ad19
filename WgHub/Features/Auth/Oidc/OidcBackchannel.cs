using System.Net;
using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The hub's own calls to the provider. A redirect is never followed: a secret could go where nobody meant it to.</summary>
internal sealed class OidcBackchannel : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = 1024 * 1024,
            DefaultRequestHeaders = { { "Accept", "application/json" } },
        };

    /// <param name="what">What is asked for, such as <c>key set</c>: the reason of a failure names it.</param>
    /// <exception cref="OidcException">No answer, or none that can be used.</exception>
    public async Task<JsonElement> SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        var reason = what.Replace(' ', '-');
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var json = StrictJson.ParseObject(body);
            return response.StatusCode switch
            {
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests =>
                    throw OidcException.Unavailable(reason, $"The provider answers {(int)response.StatusCode} for its {what}."),
                >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous =>
                    json ?? throw OidcException.Failed(reason, $"The provider's {what} is not a JSON object."),
                _ => throw OidcException.Failed(reason, $"The provider refuses its {what}: {(int)response.StatusCode} {ErrorOf(json)}".TrimEnd() + "."),
            };
        }
        catch (HttpRequestException exception)
        {
            throw OidcException.Unavailable(reason, $"The provider's {what} cannot be read: {exception.HttpRequestError}.", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw OidcException.Unavailable(reason, $"The provider did not send its {what} within {Timeout.TotalSeconds} s.", exception);
        }
    }

    public async Task<JsonElement> GetAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, what, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Such as <c>invalid_client</c> (RFC 6749, 5.2).</summary>
    private static string ErrorOf(JsonElement? json) => Printable.Of(json?.Text("error") ?? "", 50);
}
