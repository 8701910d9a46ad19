using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

public sealed class LocalSignInTests : TimedHubTest
{
    private protected override TestHub Make() => new() { IsSetUp = false, Time = Time };

    [Fact]
    public async Task A_flood_on_a_name_looks_the_same_whether_or_not_somebody_has_it()
    {
        var known = await Hub.AddPersonAsync();
        var off = await Hub.AddPersonAsync();
        await Hub.Get<AccountService>().DisableAsync(off.Name, Actor.Cli, Cancel);
        await AddOfProviderAsync("kim");

        var answers = new List<IReadOnlyList<string>>();
        foreach (var name in new[] { known.Name, "nobody", off.Name, "kim", new string('x', 5000) })
        {
            List<string> heard = [];
            for (var i = 0; i < 6; i++)
            {
                heard.Add(await RefusalAsync(name, "wrong horse battery"));
                Time.Advance(TimeSpan.FromSeconds(1));
            }

            answers.Add(heard);
        }

        Assert.Contains(answers[0], heard => heard.StartsWith("429", StringComparison.Ordinal));
        Assert.All(answers, heard => Assert.Equal(answers[0], heard));
    }

    [Fact]
    public async Task The_right_password_within_the_wait_is_not_looked_at_and_after_it_lets_in()
    {
        var user = await Hub.AddPersonAsync();
        await FailAsync(user, 3);

        Assert.StartsWith("429", await RefusalAsync(user.Name, LocalAccounts.Password), StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await Hub.SessionOfAsync(user.Name));

        await FailAsync(user, 2); // what failed before is forgotten
        Assert.NotNull(await Hub.SessionOfAsync(user.Name));
    }

    [Fact]
    public async Task A_restart_gives_whoever_guesses_one_try_and_no_three()
    {
        var user = await Hub.AddPersonAsync();
        await FailAsync(user, 3);
        await Hub.RestartAsync();
        await FailAsync(user, 1);

        Assert.StartsWith("429", await RefusalAsync(user.Name, LocalAccounts.Password), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_signed_in_goes_on_while_others_guess()
    {
        var user = await Hub.AddPersonAsync();
        var session = await Hub.SessionOfAsync(user.Name);
        await FailAsync(user, 3);

        Assert.Equal(System.Net.HttpStatusCode.OK, (await Hub.Client(null, $"wghub={session}").GetAsync("/account")).Status);
        var me = new CurrentBrowser(user.Id, Assert.Single(Hub.Get<SessionStore>().Of(user.Id)).Id, Actor.Cli, TestHub.Browser);
        await Hub.Get<FreshProof>().GiveAsync(me, LocalAccounts.Password, null, Cancel);
        Assert.Equal("session.confirmed", Hub.EventsOf(user)[0]);
    }

    [Fact]
    public async Task A_password_kept_with_fewer_rounds_is_kept_better_from_the_next_sign_in_on()
    {
        var user = await Hub.AddPersonAsync();
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(user, LocalAccounts.Password);
        await Hub.Database.WriteAsync(db => Hub.Get<UserStore>().SetPassword(db, user.Id, weak), Cancel);

        Assert.NotNull(await Hub.SessionOfAsync(user.Name));

        var kept = Hub.Get<UserStore>().FindLocalById(user.Id)!.PasswordHash;
        Assert.NotEqual(weak, kept);
        Assert.Equal(PasswordVerificationResult.Success, await Hub.Get<Passwords>().VerifyAsync(kept, LocalAccounts.Password, true, Cancel));
    }

    [Fact]
    public async Task Of_many_at_once_a_few_wait_and_the_rest_hear_it_at_once_and_lose_no_try()
    {
        var user = await Hub.AddPersonAsync();

        var crowd = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => RefusalAsync($"nobody{i}", "wrong horse battery"), Cancel)));

        // At least eleven have a place at once (on a machine of two cores); who comes when one of them is done, as on a busy machine, has one too.
        var (looked, refused) =
            (crowd.Count(heard => heard.StartsWith("401", StringComparison.Ordinal)),
                crowd.Count(heard => heard.StartsWith("429 RATE_LIMITED Too many people", StringComparison.Ordinal)));
        Assert.InRange(looked, 11, 39);
        Assert.Equal(crowd.Length, looked + refused);
        Assert.NotNull(await Hub.SessionOfAsync(user.Name));
    }

    [Fact]
    public async Task Who_hangs_up_before_the_answer_has_tried_nevertheless()
    {
        var user = await Hub.AddPersonAsync();
        using var gone = new CancellationTokenSource();
        var trying = Hub.Get<LocalSignIn>().WithPasswordAsync(user.Name, "wrong horse battery", TestHub.Browser, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => trying);

        Assert.Equal("signin.failed", Hub.EventsOf(user)[0]);
    }

    [Fact]
    public async Task Switched_off_a_password_opens_nothing_though_it_is_right()
    {
        var user = await Hub.AddPersonAsync();
        var (seed, _) = await Hub.AddAppAsync(user);
        await Hub.Database.WriteAsync(db => Hub.Get<SignInSettingsStore>().Save(db, SignInSettings.Default with { LocalSignIn = false }), Cancel);

        Assert.StartsWith("403 FORBIDDEN", await RefusalAsync(user.Name, LocalAccounts.Password), StringComparison.Ordinal);
        Assert.Equal(
            403,
            (await Assert.ThrowsAsync<AppException>(
                () => Hub.Get<LocalSignIn>().WithCodeAsync(Hub.PendingOf(user), Hub.CodeOf(seed), TestHub.Browser, Cancel))).Status);
    }

    private async Task FailAsync(User user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.StartsWith("401", await RefusalAsync(user.Name, "wrong horse battery"), StringComparison.Ordinal);
        }
    }

    private async Task<string> RefusalAsync(string name, string password)
    {
        var refusal = await Assert.ThrowsAsync<AppException>(() => Hub.SessionOfAsync(name, password));
        return $"{refusal.Status} {refusal.Code} {refusal.Message} {refusal.RetryAfter}";
    }

    private Task AddOfProviderAsync(string name) => Hub.Database.WriteAsync(
        db => db.Execute(
            $"""
            insert into users (id, name, name_key, issuer, subject, role, enabled, created_at, totp_last_step, failed_sign_ins)
            values ({name}, {name}, {name.ToUpperInvariant()}, 'https://id.example.com', {name}, {Roles.Admin}, {true}, 0, 0, 0)
            """),
        Cancel);
}
