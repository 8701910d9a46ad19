using System.Globalization;
using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>Strangers who guess at a name, or only knock, do not keep its owner out.</summary>
public sealed class HoldOutTests : TimedHubTest
{
    private const int Attackers = 8;

    private protected override TestHub Make() => new() { IsSetUp = false, Time = Time, Settings = { ["Limits:SignInsPerMinutePerIp"] = "10" } };

    [Fact]
    public async Task Under_attack_from_eight_addresses_the_owner_is_let_in_at_the_first_try()
    {
        var user = await Hub.AddPersonAsync(Roles.Admin);
        for (var second = 0; second < 600; second++)
        {
            if (second % 6 == 0)
            {
                foreach (var attacker in Enumerable.Range(1, Attackers))
                {
                    await TryAsync(user.Name, "wrong horse battery", $"203.0.113.{attacker}");
                }
            }

            if (second % 120 == 119)
            {
                Assert.Equal(200, await TryAsync(user.Name, LocalAccounts.Password, "198.51.100.7"));
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(429, await TryAsync(user.Name, LocalAccounts.Password, "203.0.113.1"));
    }

    [Fact]
    public async Task A_browser_that_was_here_before_is_let_in_from_the_very_network_of_the_attack()
    {
        var user = await Hub.AddPersonAsync(Roles.Admin);
        using var browser = new Published.Visitor(new(Hub.Url));
        await browser.SignInAsync(user.Name);
        await browser.PressAsync(await browser.OpenAsync("/signout", Cancel), "Sign out", Cancel);
        for (var i = 0; i < 4; i++)
        {
            await TryAsync(user.Name, "wrong horse battery", "127.0.0.1");
        }

        Assert.Equal(429, await TryAsync(user.Name, LocalAccounts.Password, "127.0.0.1"));
        Assert.Equal("/", (await browser.SignInAsync(user.Name)).Location.PathName);
    }

    [Fact]
    public async Task A_known_browser_gives_no_more_tries_than_a_strange_one()
    {
        var (user, other) = (await Hub.AddPersonAsync(), await Hub.AddPersonAsync());
        var known = TestHub.Browser with { Known = new(user.Id, "1") };

        Assert.Equal("401 401 401 429", await TryFourTimesAsync(user.Name, known));
        Assert.Equal("401 401 401 429", await TryFourTimesAsync(other.Name, known));
        Assert.Equal(429, await TryAsync(other.Name, "wrong horse battery", "127.0.0.1")); // it is known for its own account alone
    }

    [Fact]
    public async Task A_password_that_was_changed_meanwhile_takes_its_second_step_along()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        var pending = Hub.PendingOf(user);
        await Hub.Get<Admin.AccountService>().SetPasswordAsync(user.Name, "another horse battery", Actor.Cli, Cancel);

        var refusal = await Assert.ThrowsAsync<AppException>(
            () => Hub.Get<LocalSignIn>().WithCodeAsync(pending, Hub.CodeOf(seed), TestHub.Browser, Cancel));

        Assert.Equal((401, "NOT_SIGNED_IN"), (refusal.Status, refusal.Code));
        Assert.NotNull(await Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), Hub.CodeOf(seed), TestHub.Browser, Cancel));
    }

    [Fact]
    public async Task Sign_ins_that_fail_without_end_are_ten_entries_then_one_a_minute_with_their_number()
    {
        var user = await Hub.AddPersonAsync();
        for (var i = 0; i < 300; i++)
        {
            await TryAsync($"nobody{i}", "", string.Create(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{i % 250}"));
        }

        Assert.Equal(10, Failures().Count);
        await Hub.Get<SignInFailures>().RunOnceAsync(Cancel);
        Assert.Equal("""{"why":"password","count":"290"}""", Failures()[0]);
        await Hub.Get<SignInFailures>().RunOnceAsync(Cancel);
        Assert.Equal(11, Failures().Count);

        // What happens at an account is not lost among it, and neither is what comes later.
        await TryAsync(user.Name, "wrong horse battery", "198.51.100.7");
        Time.Advance(TimeSpan.FromMinutes(1));
        await TryAsync("nobody", "", "198.51.100.7");
        Assert.Equal(13, Failures().Count);
    }

    private List<string> Failures() =>
        [.. Hub.Get<AuditLog>().List(new(null, null, null, "signin.failed", null), new(1, 200)).Rows.Select(entry => entry.Detail)];

    private async Task<string> TryFourTimesAsync(string name, Visitor visitor)
    {
        List<int> heard = [];
        for (var i = 0; i < 4; i++)
        {
            heard.Add(await TryAsync(name, "wrong horse battery", visitor));
        }

        return string.Join(' ', heard);
    }

    private Task<int> TryAsync(string name, string password, string from) => TryAsync(name, password, new Visitor(IPAddress.Parse(from).ToString(), "test"));

    /// <returns>200, or the status of the refusal.</returns>
    private async Task<int> TryAsync(string name, string password, Visitor visitor)
    {
        try
        {
            await Hub.Get<LocalSignIn>().WithPasswordAsync(name, password, visitor, Cancel);
            return 200;
        }
        catch (AppException refusal)
        {
            return refusal.Status;
        }
    }
}
