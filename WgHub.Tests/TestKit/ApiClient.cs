using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.TestKit;

/// <summary>Our client of the API as tests call it: a refusal is an answer like any other, and a body is whatever a test makes up.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly ApiCaller _caller;
    private readonly string? _cookies;

    /// <param name="cookies">The <c>Cookie</c> header of a browser; null for a program.</param>
    /// <param name="from">The caller's own address, one of this machine; null for what the machine takes.</param>
    /// <param name="trusted">The one certificate that is taken; null for those that an authority vouches for.</param>
    internal ApiClient(string address, string? token, string? cookies = null, string? from = null, X509Certificate2? trusted = null)
    {
        var server = new ApiServer(new(address))
        {
            Fingerprint = trusted?.GetCertHashString(HashAlgorithmName.SHA256),
            Connect = from is null ? null : async (context, cancel) =>
                new NetworkStream(await RawConnection.ConnectAsync(from, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true),
        };
        (_caller, _cookies) = (new(server, token is null ? null : new Secret(token)), cookies);
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
        if (_cookies is not null)
        {
            request.Headers.Add("Cookie", _cookies);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _caller.ExchangeAsync(request, TestContext.Current.CancellationToken);
        return new(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers,
            response.Content.Headers);
    }

    public void Dispose() => _caller.Dispose();
}
