using System.Net;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

public sealed partial class JoinPageTests : TimedHubTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-wg-");
    private readonly WgProgram _wg;

    public JoinPageTests() => _wg = new(_folder);

    private protected override TestHub Make() => new()
    {
        Time = Time,
        Settings = { ["WireGuard:WgCommand"] = _wg.Path, ["Limits:ScriptsPerMinutePerIp"] = "8", ["Limits:RegistrationsPerMinutePerIp"] = "3" },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_link_says_what_it_is_good_for_and_opening_it_uses_nothing_up()
    {
        var (_, secret, address) = await Hub.TokenAsync("phone");

        var page = (await Hub.Nobody.GetAsync($"/join/{secret}")).Expect(HttpStatusCode.OK);

        Assert.Contains("phone", page.Body, StringComparison.Ordinal);
        Assert.Contains(address, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Title().Match(page.Body).Value, StringComparison.Ordinal);
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_link_that_is_no_longer_good_says_why_and_tells_nothing_else()
    {
        var used = await Hub.EnrolAsync("used-phone");
        var (revokedId, revoked, _) = await Hub.TokenAsync("revoked-phone");
        (await Hub.Operator.DeleteAsync($"/api/installation/token/{revokedId}")).Expect(HttpStatusCode.OK);
        var (_, expired, _) = await Hub.TokenAsync("expired-phone");
        Time.Advance(TimeSpan.FromHours(24));

        foreach (var (secret, status, words) in new[]
        {
            (used.Token, HttpStatusCode.Unauthorized, "This link was used"),
            (revoked, HttpStatusCode.Unauthorized, "This link was taken back"),
            (expired, HttpStatusCode.Unauthorized, "This link has expired"),
            (new('A', 43), HttpStatusCode.NotFound, "This link leads nowhere"),
            ("x", HttpStatusCode.NotFound, "This link leads nowhere"),
        })
        {
            var page = (await Hub.Nobody.GetAsync($"/join/{secret}")).Expect(status);
            Assert.Contains(words, page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("-phone", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<form", page.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_for_one_platform_offers_that_alone()
    {
        Assert.Equal(["ios"], await OfferedAsync("ios"));
        Assert.Equal(["router", "openwrt", "mikrotik", "opnsense", "unifi"], await OfferedAsync("router"));
        Assert.Equal(["linux", "wg-quick"], await OfferedAsync("linux"));
    }

    [Fact]
    public async Task A_key_of_ones_own_comes_by_the_form_and_as_often_as_it_does_the_answer_is_the_same()
    {
        var (_, secret, address) = await Hub.TokenAsync();
        var key = Wg.NewKey();

        var first = (await SendAsync(secret, $" {key}\n", "openwrt")).Expect(HttpStatusCode.OK);
        var again = (await SendAsync(secret, key, "openwrt")).Expect(HttpStatusCode.OK);
        var stranger = (await SendAsync(secret, Wg.NewKey(), "openwrt")).Expect(HttpStatusCode.Unauthorized);

        Assert.Equal($"{address}/32", (await Wg.PeersAsync(Hub.Interface))[key]);
        Assert.Contains($"uci add_list network.wghub.addresses=&#x27;{address}/32&#x27;", first.Body, StringComparison.Ordinal);
        Assert.Equal(first.Body, again.Body);
        Assert.Contains("This link was used", stranger.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("uci", stranger.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_key_or_no_device_is_told_at_its_field_and_the_link_stays_good()
    {
        var (_, secret, _) = await Hub.TokenAsync();

        var noKey = (await SendAsync(secret, "AAAA", "mikrotik")).Expect(HttpStatusCode.BadRequest);
        var noDevice = (await SendAsync(secret, Wg.NewKey(), "../../etc/passwd")).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("Not a WireGuard public key.", noKey.Body, StringComparison.Ordinal);
        Assert.Contains("One of wg-quick, openwrt", noDevice.Body, StringComparison.Ordinal);
        Assert.Empty(await Wg.PeersAsync(Hub.Interface));
        (await SendAsync(secret, Wg.NewKey(), "mikrotik")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_failure_of_the_hubs_leaves_the_form_open_and_the_same_key_is_taken_again()
    {
        var (_, secret, _) = await Hub.TokenAsync();
        var key = Wg.NewKey();

        _wg.Fail();
        var failed = (await SendAsync(secret, key, "openwrt")).Expect(HttpStatusCode.ServiceUnavailable);
        _wg.Work();

        Assert.Contains(key, WebUtility.HtmlDecode(failed.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("This link was used", failed.Body, StringComparison.Ordinal);
        (await SendAsync(secret, key, "openwrt")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_the_forms_own_value_nothing_is_registered()
    {
        var (_, secret, _) = await Hub.TokenAsync();

        using var form = new FormUrlEncodedContent([new("PublicKey", Wg.NewKey()), new("Device", "openwrt")]);
        (await Hub.Nobody.SendAsync(HttpMethod.Post, $"/join/{secret}", form)).Expect(HttpStatusCode.BadRequest);

        Assert.Empty(await Wg.PeersAsync(Hub.Interface));
    }

    [Fact]
    public async Task Links_and_forms_share_the_limits_of_scripts_and_registrations()
    {
        for (var i = 0; i < 8; i++)
        {
            (await Hub.Nobody.GetAsync("/join/x")).Expect(HttpStatusCode.NotFound);
        }

        var refusal = (await Hub.Nobody.GetAsync("/join/x")).Expect(HttpStatusCode.TooManyRequests);
        Assert.True(refusal.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Hub.Nobody.GetAsync("/i/x")).Status);
        Time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 3; i++)
        {
            (await SendAsync("x", Wg.NewKey(), "openwrt")).Expect(HttpStatusCode.NotFound);
        }

        (await SendAsync("x", Wg.NewKey(), "openwrt")).Expect(HttpStatusCode.TooManyRequests);
    }

    private async Task<IReadOnlyList<string>> OfferedAsync(string platform)
    {
        var made = (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), platform })).Expect(HttpStatusCode.Created);
        var page = await Hub.Nobody.GetAsync($"/join/{made.Text("token", "token")}");
        return [.. Option().Matches(page.Body).Select(option => option.Groups[1].Value)];
    }

    /// <summary>Sends the form as a browser does: with its hidden field and its cookie.</summary>
    private async Task<Answer> SendAsync(string secret, string key, string device)
    {
        var (_, blank, _) = await Hub.TokenAsync();
        var page = await Hub.Nobody.GetAsync($"/join/{blank}");
        var cookies = string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using var form = new FormUrlEncodedContent(
            [new("PublicKey", key), new("Device", device),
                new("__RequestVerificationToken", WebUtility.HtmlDecode(HiddenField().Match(page.Body).Groups[1].Value))]);
        return await Hub.Nobody.SendAsync(HttpMethod.Post, $"/join/{secret}", form, ("Cookie", cookies));
    }

    [GeneratedRegex("<title>[^<]*")]
    private static partial Regex Title();

    [GeneratedRegex("<option value=\"([^\"]+)\"")]
    private static partial Regex Option();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
    private static partial Regex HiddenField();
}
