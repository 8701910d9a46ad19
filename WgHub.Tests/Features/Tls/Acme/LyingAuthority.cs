using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WgHub.Features.Tls.Acme;

/// <summary>
/// A small authority on real TLS, for what an honest one never does. It gives an account and an order for <see cref="Name"/> to everybody; a
/// test puts its own answer in the place of one of these.
/// What is right is tested against a real authority in the Lab.
/// </summary>
internal sealed class LyingAuthority : IAsyncDisposable
{
    public const string Name = "vpn.example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-authority-");
    private readonly AcmeAccountKey _account = AcmeAccountKey.Create();
    private WebApplication? _app;

    /// <summary>Answers by path, over the honest ones.</summary>
    public Dictionary<string, RequestDelegate> Answers { get; } = [];

    /// <summary>What came in, in order: the path, and the payload of the request.</summary>
    public ConcurrentQueue<(string Path, string Payload)> Requests { get; } = [];

    public string Url { get; private set; } = "";

    public string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    public AcmeChallenges Challenges { get; } = new(new Certificates(), TimeProvider.System);

    public static async Task<LyingAuthority> StartAsync()
    {
        var authority = new LyingAuthority();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.Certificate())));
        authority._app = builder.Build();
        authority._app.Run(authority.AnswerAsync);
        await authority._app.StartAsync(TestContext.Current.CancellationToken);
        authority.Url = authority._app.Urls.Single();
        return authority;
    }

    /// <summary>An order by http-01 from here, with limits that are over at once.</summary>
    public async Task<string> OrderAsync(string? caFile = null, TimeSpan? totalLimit = null, AcmeIdentifier? name = null)
    {
        using var http = AcmeHttp.Create(caFile ?? CaFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = new AcmeClient(http, _account, Challenges, TimeProvider.System)
        {
            TotalLimit = totalLimit ?? TimeSpan.FromSeconds(30),
            ProofLimit = TimeSpan.FromTicks(1),
            FailedProofLimit = TimeSpan.FromTicks(1),
        };
        return await client.OrderAsync(
            new($"{Url}/directory", [name ?? new("dns", Name)], null, null), key, ChallengeKind.Http01, TestContext.Current.CancellationToken);
    }

    /// <summary>The order fails; returns why.</summary>
    public Task<AcmeException> FailureAsync() => Assert.ThrowsAsync<AcmeException>(() => OrderAsync());

    public static RequestDelegate Says(string json, int status = 200, string? location = null) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return context.Response.WriteAsync(json);
    };

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _account.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue(
            (path,
                body.Length == 0
                    ? ""
                    : System.Text.Encoding.UTF8.GetString(Base64Url.DecodeFromChars(JsonDocument.Parse(body).RootElement.GetProperty("payload").GetString()))));
        if (path != "/directory")
        {
            context.Response.Headers["Replay-Nonce"] = $"n{Requests.Count}";
        }

        await (Answers.GetValueOrDefault(path) ?? Honest(path))(context);
    }

    private RequestDelegate Honest(string path) => path switch
    {
        "/directory" => Says($$$$"""{"newNonce":"{{{{Url}}}}/nonce","newAccount":"{{{{Url}}}}/account","newOrder":"{{{{Url}}}}/new-order","meta":{"profiles":{"shortlived":"for addresses"}}}"""),
        "/account" => Says("{}", 201, $"{Url}/account/1"),
        "/new-order" => Says(OrderAs("pending"), 201, $"{Url}/order"),
        "/order" => Says(OrderAs("ready")),
        "/proof" => Says(ProofAs("pending")),
        _ => Says("{}"),
    };

    public string OrderAs(string status) =>
        $$"""{"status":"{{status}}","authorizations":["{{Url}}/proof"],"finalize":"{{Url}}/finalize","certificate":"{{Url}}/chain"}""";

    /// <param name="error">A problem document.</param>
    public string ProofAs(string status, string error = "null") =>
        $$$"""{"status":"{{{status}}}","identifier":{"type":"dns","value":"{{{Name}}}"},"challenges":[{"type":"http-01","url":"{{{Url}}}/challenge","status":"{{{status}}}","token":"abc","error":{{{error}}}}]}""";

    private X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=lying authority", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(CaFile, certificate.ExportCertificatePem());
        return certificate;
    }
}
