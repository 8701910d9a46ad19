using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Tls;

/// <summary>The files that the settings name, exchanged under a hub that serves.</summary>
public sealed class CertificateFileTests : HubTest
{
    private const int Downloads = 60;

    private readonly TestAuthority _authority = new();

    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0"], Settings = _authority.Settings, IsSetUp = false };

    private string? LastError => Hub.Get<Certificates>().LastError;

    private Task<string> ServedAsync() => TlsClient.SerialAsync(Hub.Url);

    private Task PollAsync() => Hub.Get<CertificateLoop>().RunOnceAsync(Cancel);

    public override ValueTask InitializeAsync()
    {
        _authority.Place(_authority.Issue());
        return base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task The_whole_chain_is_sent()
    {
        var seen = await Shell.RunAsync(
            ["openssl", "s_client", "-connect", new Uri(Hub.Url).Authority, "-servername", "hub.test", "-verify_hostname", "hub.test",
                "-CAfile", _authority.RootFile, "-verify_return_error"], "", Cancel);

        Assert.Contains("Verify return code: 0 (ok)", seen.OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_pair_renamed_into_place_is_served_without_a_restart()
    {
        var before = await ServedAsync();

        _authority.Place(_authority.Issue());
        await PollAsync();

        Assert.NotEqual(before, await ServedAsync());
        Assert.Null(LastError);
    }

    [Fact]
    public async Task A_link_that_is_flipped_to_a_new_pair_is_seen()
    {
        var live = _authority.Files.CreateSubdirectory("1");
        Directory.Move(_authority.CertificateFile, Path.Combine(live.FullName, "cert.pem"));
        File.CreateSymbolicLink(_authority.CertificateFile, "1/cert.pem");
        File.Move(_authority.KeyFile, Path.Combine(live.FullName, "key.pem"));
        File.CreateSymbolicLink(_authority.KeyFile, "1/key.pem");
        await PollAsync();
        var before = await ServedAsync();

        var next = _authority.Files.CreateSubdirectory("2").FullName;
        var (chain, key) = _authority.Issue();
        await File.WriteAllTextAsync(Path.Combine(next, "cert.pem"), chain, Cancel);
        await File.WriteAllTextAsync(Path.Combine(next, "key.pem"), key, Cancel);
        foreach (var file in new[] { "cert.pem", "key.pem" })
        {
            (await Shell.RunAsync(["ln", "-sfn", $"2/{file}", Path.Combine(_authority.Files.FullName, file)], Cancel)).OrThrow();
        }

        await PollAsync();

        Assert.NotEqual(before, await ServedAsync());
    }

    public static TheoryData<string> Spoilt => ["half written", "empty", "no PEM", "wrong key", "expired", "not yet valid", "gone"];

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task What_cannot_be_served_leaves_the_one_before_and_is_told_until_it_is_mended(string how)
    {
        var before = await ServedAsync();
        var (chain, key) = _authority.Issue();

        switch (how)
        {
            case "half written":
                _authority.Place((chain[..(chain.Length / 3)], key));
                break;
            case "empty":
                _authority.Place(("", ""));
                break;
            case "no PEM":
                _authority.Place(("\0\u0001", "nonsense"));
                break;
            case "wrong key":
                _authority.Place((chain, _authority.Issue().Key));
                break;
            case "expired":
                _authority.Place(_authority.Issue(-30, -1));
                break;
            case "not yet valid":
                _authority.Place(_authority.Issue(2, 30));
                break;
            case "gone":
                File.Delete(_authority.KeyFile);
                break;
        }

        await PollAsync();
        Assert.Equal(before, await ServedAsync());
        Assert.Contains("Tls:", LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", LastError, StringComparison.Ordinal);
        Assert.DoesNotContain(_authority.Files.FullName, LastError, StringComparison.Ordinal);

        _authority.Place((chain, key));
        await PollAsync();
        Assert.NotEqual(before, await ServedAsync());
        Assert.Null(LastError);
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_served_at_a_start_all_the_same()
    {
        _authority.Place(_authority.Issue(-30, -1));
        await Hub.RestartAsync();

        await using var client = await TlsClient.ConnectAsync(Hub.Url);

        Assert.Equal(Hub.Get<Certificates>().Current!.Leaf.SerialNumber, client.Certificate.SerialNumber);
    }

    [Fact]
    public async Task A_download_that_runs_across_the_exchange_gets_all_its_bytes()
    {
        var css = (await Hub.Nobody.GetAsync("/setup"))
            .Body.Split('"')
            .First(word => word.StartsWith("/a/", StringComparison.Ordinal) && word.Contains(".css", StringComparison.Ordinal));
        await using var client = await TlsClient.ConnectAsync(Hub.Url);
        var before = client.Certificate.SerialNumber;
        var request = $"GET {css} HTTP/1.1\r\nHost: hub.test\r\n";

        // More than all buffers on the way hold: the hub is in the middle of it while nobody reads.
        await client.SendAsync($"{string.Concat(Enumerable.Repeat(request + "\r\n", Downloads - 1))}{request}Connection: close\r\n\r\n");
        var first = new byte[1000];
        await client.Stream.ReadExactlyAsync(first, Cancel);
        _authority.Place(_authority.Issue());
        await PollAsync();
        Assert.NotEqual(before, await ServedAsync());
        using var rest = new MemoryStream();
        await client.Stream.CopyToAsync(rest, Cancel);

        var text = Encoding.Latin1.GetString(first) + Encoding.Latin1.GetString(rest.ToArray());
        var answers = text.Split("HTTP/1.1 200 OK\r\n")[1..];
        Assert.Equal(Downloads, answers.Length);
        Assert.Single(answers.Select(answer => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Distinct());
        Assert.True(text.Length > 10_000_000, $"{text.Length} bytes are too few for this test.");
    }

    [Fact]
    public async Task An_authority_vouches_so_lines_need_no_pin_and_browsers_are_told_to_stay()
    {
        var named = await Hub.Nobody.SendAsync(HttpMethod.Get, "/signin", null, ("Host", "hub.test"));
        var byAddress = await Hub.Nobody.GetAsync("/signin");

        Assert.Equal("max-age=15552000", named.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False(byAddress.Headers.Contains("Strict-Transport-Security"));
    }
}
