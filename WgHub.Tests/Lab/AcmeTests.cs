using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Certificates from a real authority, which comes to ports 80 and 443 of an address that is the hub's alone.</summary>
[Trait("Kind", "Lab")]
public sealed class AcmeTests : IAsyncLifetime
{
    private const string Name = "hub.wghub.test";
    private const string Elsewhere = "elsewhere.wghub.test";
    private const string Nowhere = "nowhere.wghub.test";

    private static int _addresses;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _address = $"127.80.0.{Interlocked.Increment(ref _addresses)}";
    private readonly ManualTime _time = new();
    private CaddyAuthority _authority = null!;
    private TestHub? _hub;

    public async ValueTask InitializeAsync()
    {
        _time.Set(TimeProvider.System.GetUtcNow()); // the authority's clock is the real one
        _authority = await CaddyAuthority.StartAsync($"{_address} {Name}\n127.80.1.1 {Elsewhere}\n", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        await _authority.DisposeAsync();
    }

    private Certificates Certificates => _hub!.Get<Certificates>();

    private AcmeOrder? Last => _hub!.Get<AcmeOrders>().Last;

    [Theory]
    [InlineData(Name, true)]
    [InlineData(Name, false)]
    [InlineData(null, true)]
    [InlineData(null, false)]
    public async Task A_certificate_comes_for_a_name_or_an_address_by_either_challenge(string? name, bool isHttp)
    {
        await StartAsync(name ?? _address, isHttp);
        await IssuedAsync();

        Assert.Equal([name ?? _address], Certificates.Current!.Names);
        Assert.Equal("200", await StatusAsync(name ?? _address));
        Assert.Equal(1, _authority.Orders);
    }

    [Fact]
    public async Task One_certificate_holds_all_names()
    {
        await StartAsync($"{Name}, {_address}", isHttp: true);
        await IssuedAsync();

        Assert.Equal("200", await StatusAsync(Name));
        Assert.Equal("200", await StatusAsync(_address));
    }

    [Fact]
    public async Task A_restart_keeps_the_certificate_and_orders_no_other()
    {
        await StartAsync(Name, isHttp: true);
        await IssuedAsync();
        var first = Certificates.Current!.Fingerprint;

        await _hub!.RestartAsync();
        Assert.Equal(first, Certificates.Current!.Fingerprint);
        await _hub.Get<AcmeLoop>().RunOnceAsync(Cancel);

        Assert.Equal("200", await StatusAsync(Name));
        Assert.Equal((first, 1), (Certificates.Current!.Fingerprint, _authority.Orders));
    }

    [Fact]
    public async Task A_certificate_is_renewed_when_two_thirds_of_its_life_are_over()
    {
        await StartAsync(Name, isHttp: true);
        await IssuedAsync();
        var first = Certificates.Current!;

        _time.Set(AcmeSchedule.RenewAt(first.Leaf) - TimeSpan.FromMinutes(1));
        await _hub!.Get<AcmeLoop>().RunOnceAsync(Cancel);
        Assert.Equal(first.Fingerprint, Certificates.Current!.Fingerprint);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _hub.Get<AcmeLoop>().RunOnceAsync(Cancel);

        Assert.NotEqual(first.Fingerprint, Certificates.Current!.Fingerprint);
        Assert.NotEqual(first.Pin, Certificates.Current.Pin);
        Assert.Equal("200", await StatusAsync(Name));
        Assert.Equal(2, _authority.Orders);
    }

    [Theory]
    [InlineData(Elsewhere)]
    [InlineData(Nowhere)]
    public async Task A_name_that_does_not_lead_here_is_said_and_waited_for(string name)
    {
        await StartAsync(name, isHttp: true);
        await FailedAsync();
        var orders = _authority.Orders;
        await _hub!.RestartAsync();
        await _hub.Get<AcmeLoop>().RunOnceAsync(Cancel);

        Assert.Contains(name, Last!.Problem, StringComparison.Ordinal);
        Assert.Contains("http-01: ", Last.Said, StringComparison.Ordinal);
        Assert.Contains("tls-alpn-01: ", Last.Said, StringComparison.Ordinal);
        Assert.Equal(Last.TriedAt.AddHours(1), Last.NextAt);
        Assert.Equal((2, 2), (orders, _authority.Orders)); // one for each challenge
        Assert.Equal(CertificateSource.SelfSigned, Certificates.Source);
    }

    [Fact]
    public async Task Without_the_authority_the_own_certificate_serves_until_it_is_back()
    {
        await _authority.StopAsync();
        await StartAsync(Name, isHttp: true);
        await FailedAsync();
        Assert.Contains("cannot be reached", Last!.Problem, StringComparison.Ordinal);
        Assert.Equal("200", await StatusAsync(Name, "-k", "--pinnedpubkey", Certificates.Current!.Pin));

        await _authority.StartAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        await _hub!.Get<AcmeLoop>().RunOnceAsync(Cancel);

        Assert.Equal("200", await StatusAsync(Name));
    }

    [Fact]
    public async Task When_one_challenge_fails_the_other_is_tried()
    {
        // Port 80 is not the hub's: only port 443 leads to it.
        await StartAsync(Name, isHttp: true, httpHost: "127.80.2.1");
        await IssuedAsync();

        Assert.Equal("200", await StatusAsync(Name));
        Assert.Equal(2, _authority.Orders);
    }

    private async Task StartAsync(string names, bool isHttp, string? httpHost = null)
    {
        _hub = new()
        {
            IsSetUp = false,
            Time = _time,
            Urls = isHttp ? [$"https://{_address}:443", $"http://{httpHost ?? _address}:80"] : [$"https://{_address}:443"],
            Settings = new()
            {
                ["Tls:AcmeNames"] = names,
                ["Tls:AcmeAcceptTerms"] = "true",
                ["Tls:AcmeEmail"] = "admin@wghub.test",
                ["Tls:AcmeDirectory"] = CaddyAuthority.Directory,
                ["Tls:AcmeCaFile"] = _authority.RootFile,
            },
        };
        await _hub.InitializeAsync();
    }

    private async Task IssuedAsync() =>
        Assert.True(await Eventually.TrueAsync(() => Certificates.Source == CertificateSource.Acme, Limit, Cancel), $"{Last}");

    private async Task FailedAsync() =>
        Assert.True(await Eventually.TrueAsync(() => Last is { Said.Length: > 0 }, Limit, Cancel), $"{Last}");

    /// <summary>What curl says of the hub at this name, trusting the authority's root alone: the whole chain must be right.</summary>
    private async Task<string> StatusAsync(string host, params string[] options) => (await Shell.RunAsync(
        ["curl", "-sS", "--proto", "=https", "--cacert", _authority.RootFile, "--resolve", $"{Name}:443:{_address}", .. options, "-o",
            "/dev/null", "-w", "%{http_code}", $"https://{host}/healthz"], Cancel))
            .OrThrow();
}
