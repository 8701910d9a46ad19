using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.TestKit;

/// <summary>A program that calls the hub, with or without a token.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int LargeBody = 32 * 1024;

    private readonly HttpClient _http;

    /// <param name="cookies">The <c>Cookie</c> header of a browser; null for a program.</param>
    /// <param name="from">The caller's own address, one of this machine; null for what the machine takes.</param>
    /// <param name="trusted">The one certificate that is taken besides those that an authority vouches for.</param>
    internal ApiClient(string address, string? token, string? cookies = null, string? from = null, X509Certificate2? trusted = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors == SslPolicyErrors.None || trusted?.Equals(certificate) == true;
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancel) => new NetworkStream(await RawConnection.ConnectAsync(from, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true);
        }

        _http = new(handler) { BaseAddress = new(address) };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (cookies is not null)
        {
            _http.DefaultRequestHeaders.Add("Cookie", cookies);
        }
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, JsonContent.Create(body));

    /// <summary>Sends a body as it stands, for those that no serializer would write.</summary>
    public Task<Answer> SendTextAsync(HttpMethod method, string path, string json) =>
        SendAsync(method, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };

        // As curl does: a body that is too large is refused before it is on its way, and not in the middle.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > LargeBody;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers,
            response.Content.Headers);
    }

    public void Dispose() => _http.Dispose();
}
