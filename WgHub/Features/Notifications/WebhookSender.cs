using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Features.Notifications;

/// <summary>
/// The way out for webhooks. It asks for nothing but a status: a body is not read, a redirect not followed, no proxy and no cookie is used, and what
/// is connected to is looked at first.
/// </summary>
internal sealed class WebhookSender(IOptions<NotificationOptions> options, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const int LargestHeadersKilobytes = 16;

    private readonly HttpClient _http = Client(options.Value.Reach);

    /// <param name="secrets">All of them sign.</param>
    public async Task<Outcome> SendAsync(Uri url, IReadOnlyList<Secret> secrets, string id, string body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var now = time.GetUtcNow();
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secrets, id, now, body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return OutcomeOf(response, now);
        }
        catch (HttpRequestException exception)
        {
            return Outcome.Unreachable(WhyOf(exception));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome.Unreachable($"No answer within {Limit.TotalSeconds} s.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static Outcome OutcomeOf(HttpResponseMessage response, DateTimeOffset now) => (int)response.StatusCode switch
    {
        >= 200 and < 300 and var status => Outcome.Delivered($"Answered {status}."),
        410 => Outcome.Refused("Answered 410: no more, ever.") with { IsGone = true },
        >= 300 and < 400 and var status => Outcome.Refused($"Answered {status}, a redirect: those are not followed."),
        var status when status is 408 or 425 or 429 or >= 500 =>
            Outcome.Unreachable($"Answered {status}.") with { RetryAfter = WaitOf(response.Headers.RetryAfter, now) },
        var status => Outcome.Refused($"Answered {status}."),
    };

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? header, DateTimeOffset now) => header?.Delta ?? header?.Date - now;

    private static string WhyOf(HttpRequestException exception) => exception switch
    {
        { InnerException: UnreachableByRule rule } => rule.Message,
        { InnerException: AuthenticationException } => "Its certificate is not trusted, or is for another name.",
        { HttpRequestError: HttpRequestError.NameResolutionError } => "Its name leads to no address.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "It does not speak TLS as it should.",
        { InnerException: SocketException socket } => $"It cannot be connected to: {socket.SocketErrorCode}.",
        { HttpRequestError: HttpRequestError.ConnectionError } => "It cannot be connected to.",
        _ => "It does not speak HTTP as it should.",
    };

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns its handler.")]
    private static HttpClient Client(ReachOptions reach)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // a proxy would connect to what is refused here
            MaxResponseHeadersLength = LargestHeadersKilobytes,
            MaxResponseDrainSize = 0, // whoever answers without end is hung up on
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, reach, cancel),
        };
        return new(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own
            DefaultRequestHeaders = { UserAgent = { new("WgHub", null) } },
        };
    }

    /// <summary>Connects to an address that was looked at, and not to the name again: it might lead elsewhere a moment later.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream owns it; where there is none, it is disposed.")]
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, ReachOptions reach, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(to.Host, cancellationToken);
        var own = Reach.Own();
        if (Array.ConvertAll(addresses, address => Reach.RefusalOf(address, reach, own)).OfType<string>().FirstOrDefault() is { } refusal)
        {
            throw new UnreachableByRule(refusal); // one bad address among good ones is no accident
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class UnreachableByRule(string message) : IOException(message);
}
