using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WgHub.TestKit;

namespace WgHub.Features.Tls.Acme;

/// <summary>What a broken, angry or lying authority may say. Nothing of it is believed, and all of it ends in a sentence.</summary>
public sealed class AcmeClientTests : IAsyncLifetime
{
    private LyingAuthority _authority = null!;

    public async ValueTask InitializeAsync() => _authority = await LyingAuthority.StartAsync();

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task A_stale_nonce_is_exchanged_for_the_one_that_came_with_the_refusal()
    {
        _authority.Answers["/account"] = context =>
            LyingAuthority.Says(Tries("/account") < 3 ? Problem("badNonce") : "{}", Tries("/account") < 3 ? 400 : 201, $"{_authority.Url}/account/1")(context);
        await _authority.FailureAsync();

        Assert.Equal(3, Tries("/account"));
        Assert.Equal(1, Tries("/nonce"));
        Assert.Equal(1, Tries("/new-order"));
    }

    [Fact]
    public async Task A_nonce_that_is_always_stale_ends_the_order()
    {
        _authority.Answers["/account"] = LyingAuthority.Says(Problem("badNonce"), 400);

        Assert.Equal("badNonce", (await _authority.FailureAsync()).Kind);
        Assert.Equal(4, Tries("/account"));
    }

    [Theory]
    [InlineData("/directory", "<html>", 200)]
    [InlineData("/directory", "[]", 200)]
    [InlineData("/directory", "null", 200)]
    [InlineData("/directory", """{"newNonce":"x"}""", 200)]
    [InlineData("/directory", """{"newNonce":"http://127.0.0.1/","newAccount":"http://127.0.0.1/","newOrder":"http://127.0.0.1/"}""", 200)]
    [InlineData("/directory", """{"newNonce":"file:///etc/passwd","newAccount":"/","newOrder":null}""", 200)]
    [InlineData("/directory", "", 302)]
    [InlineData("/account", "{}", 200)] // does not say where it is
    [InlineData("/new-order", "{}", 201)]
    [InlineData("/proof", """{"status":"pending"}""", 200)]
    public async Task What_does_not_speak_ACME_is_not_listened_to(string path, string answer, int status)
    {
        _authority.Answers[path] = LyingAuthority.Says(answer, status);

        Assert.Equal("garbled", (await _authority.FailureAsync()).Kind);
    }

    [Theory]
    [InlineData("/directory")]
    [InlineData("/account")]
    public async Task An_authority_that_is_broken_says_so(string path)
    {
        _authority.Answers[path] = LyingAuthority.Says("<html>", 503);

        Assert.Equal("serverInternal", (await _authority.FailureAsync()).Kind);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        _authority.Answers["/directory"] = LyingAuthority.Says(new string(' ', 1024 * 1024));

        Assert.Equal("garbled", (await _authority.FailureAsync()).Kind);
    }

    [Fact]
    public async Task An_authority_whose_own_certificate_nobody_knows_is_not_spoken_to()
    {
        var failure = await Assert.ThrowsAsync<AcmeException>(() => _authority.OrderAsync(caFile: ""));

        Assert.Contains("Tls:AcmeCaFile", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_authority.Requests);
    }

    [Fact]
    public async Task A_file_of_roots_that_holds_none_is_said()
    {
        var failure = await Assert.ThrowsAsync<AcmeException>(() => _authority.OrderAsync(caFile: Repository.PathOf("README.md")));

        Assert.Contains("Tls:AcmeCaFile", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_the_address()
    {
        var authority = new Uri(_authority.Url).Authority;
        await _authority.DisposeAsync();
        _authority = await LyingAuthority.StartAsync();
        using var http = AcmeHttp.Create(null);
        using var key = AcmeAccountKey.Create();
        var failure = await Assert.ThrowsAsync<AcmeException>(() =>
            new AcmeConnection(http, key, TimeProvider.System).DirectoryAsync($"https://{authority}/directory", TestContext.Current.CancellationToken));

        Assert.Equal("unreachable", failure.Kind);
        Assert.Contains(authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_kept_for_as_long_as_the_authority_says()
    {
        _authority.Answers["/new-order"] = context =>
        {
            context.Response.Headers.RetryAfter = "90000";
            return LyingAuthority.Says(Problem("rateLimited", "too many certificates\\nfor\\u001b[31m this"), 429)(context);
        };
        var failure = await _authority.FailureAsync();

        Assert.Equal("rateLimited", failure.Kind);
        Assert.Equal(TimeSpan.FromHours(25), failure.RetryAfter);
        Assert.Equal("too many certificates for [31m this", failure.Said);
    }

    [Theory]
    [InlineData("connection", "TCP port 80")]
    [InlineData("dns", "A or AAAA record")]
    [InlineData("unauthorized", "another machine")]
    [InlineData("incorrectResponse", "another machine")]
    [InlineData("caa", "CAA record")]
    [InlineData("no such word", "refused")]
    public async Task A_proof_that_failed_says_what_to_do_and_is_taken_back(string type, string advice)
    {
        _authority.Answers["/proof"] = LyingAuthority.Says(_authority.ProofAs("pending"));
        _authority.Answers["/challenge"] = context =>
        {
            Assert.NotNull(_authority.Challenges.FileOf("abc")); // it is there before the authority is called
            _authority.Answers["/proof"] = LyingAuthority.Says(_authority.ProofAs("invalid", Problem(type)));
            return LyingAuthority.Says("{}")(context);
        };
        var failure = await _authority.FailureAsync();

        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Equal("said by the authority", failure.Said);
        Assert.Null(_authority.Challenges.FileOf("abc"));
    }

    [Fact]
    public async Task An_authority_that_goes_on_looking_is_not_waited_for()
    {
        _authority.Answers["/proof"] = LyingAuthority.Says(_authority.ProofAs("pending", Problem("connection")));

        Assert.Equal("connection", (await _authority.FailureAsync()).Kind);
    }

    [Fact]
    public async Task An_order_that_never_ends_is_ended()
    {
        _authority.Answers["/proof"] = LyingAuthority.Says(_authority.ProofAs("valid"));
        _authority.Answers["/order"] = LyingAuthority.Says(_authority.OrderAs("processing"));
        var failure = await Assert.ThrowsAsync<AcmeException>(() => _authority.OrderAsync(totalLimit: TimeSpan.FromSeconds(1)));

        Assert.Equal("timeout", failure.Kind);
    }

    [Fact]
    public async Task An_order_that_fails_in_its_parts_names_the_part()
    {
        _authority.Answers["/new-order"] = LyingAuthority.Says(
            """
            {"type":"urn:ietf:params:acme:error:malformed","detail":"some names","subproblems":[
              {"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"forbidden","identifier":{"type":"dns","value":"vpn.internal.example"}}]}
            """,
            403);
        var failure = await _authority.FailureAsync();

        Assert.Equal(("rejectedIdentifier", "forbidden"), (failure.Kind, failure.Said));
        Assert.Contains("vpn.internal.example", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_key_is_not_taken()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", other, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(LyingAuthority.Name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var wrong = request.CreateSelfSigned(now, now.AddDays(1));
        _authority.Answers["/proof"] = LyingAuthority.Says(_authority.ProofAs("valid"));
        _authority.Answers["/chain"] = LyingAuthority.Says(wrong.ExportCertificatePem());

        Assert.Contains("not taken", (await _authority.FailureAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(1, Tries("/chain"));
    }

    [Theory]
    [InlineData("ip", "192.0.2.7", true)]
    [InlineData("dns", LyingAuthority.Name, false)]
    public async Task An_address_asks_for_the_profile_that_addresses_have(string type, string value, bool isAsked)
    {
        await Assert.ThrowsAsync<AcmeException>(() => _authority.OrderAsync(name: new(type, value)));
        var order = _authority.Requests.Single(request => request.Path == "/new-order").Payload;

        Assert.Equal(isAsked, order.Contains("\"profile\":\"shortlived\"", StringComparison.Ordinal));
    }

    private int Tries(string path) => _authority.Requests.Count(request => request.Path == path);

    private static string Problem(string type, string detail = "said by the authority") =>
        $$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"{{detail}}"}""";
}
