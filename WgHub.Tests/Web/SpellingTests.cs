using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Who may call is asked of the endpoint that was found, never of the address's text: no spelling gets past it, and none reaches a file.</summary>
public sealed class SpellingTests(TestHub hub) : IClassFixture<TestHub>
{
    [Theory]
    [InlineData("/API/Spoke/List")]
    [InlineData("/api/spoke/list/")]
    [InlineData("//api/spoke/list")]
    [InlineData("/./api/spoke/list")]
    [InlineData("/healthz/../api/spoke/list")]
    [InlineData("/healthz/%2e%2e/api/spoke/list")]
    [InlineData("/a/..%2fapi/spoke/list")]
    [InlineData("/%61pi/spoke/list")]
    [InlineData("/api/spoke/list;/healthz")]
    [InlineData("/api/spoke/list?/healthz")]
    [InlineData("/api/spoke/list%3f/healthz")]
    [InlineData("/api/spoke/list%00/healthz")]
    [InlineData("/signin/../spokes")]
    [InlineData("/signin%2f..%2fspokes")]
    [InlineData("/SPOKES")]
    [InlineData("/spokes/?returnUrl=/signin")]
    [InlineData("/api/hub/config?/a/app.css")]
    [InlineData("http://localhost/api/hub/config")]
    public async Task No_spelling_of_an_address_gets_past_its_role(string target)
    {
        var answer = await AskAsync(target);

        Assert.Matches(@"^HTTP/1\.1 (400 |401 |404 |302 [\s\S]*\nLocation: /signin\?returnUrl=)", answer);
        Assert.DoesNotContain("publicEndpoint", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/a/../../../../etc/passwd")]
    [InlineData("/a/..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/a/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/a/..%5c..%5cetc%5cpasswd")]
    [InlineData("/a//etc/passwd")]
    [InlineData("/a/%2fetc%2fpasswd")]
    [InlineData("/i/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/i/AAAA?platform=../../../etc/passwd")]
    [InlineData("/fileDownload?file=../../../../etc/passwd")]
    [InlineData("file:///etc/passwd")]
    public async Task No_address_leads_to_a_file_of_the_machine(string target)
    {
        var answer = await AskAsync(target);

        Assert.Matches(@"^HTTP/1\.1 (400 |404 |200 [\s\S]*'The hub refused: )", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    /// <summary>An ordinary client would tidy the address up.</summary>
    private async Task<string> AskAsync(string target)
    {
        using var connection = await RawConnection.OpenAsync(hub, "127.0.0.1", $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return await connection.ReadToEndAsync();
    }
}
