using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

public sealed class AccountTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Password = "correct horse battery";

    private AccountService Accounts => hub.Get<AccountService>();

    private LocalSignIn SignIn => hub.Get<LocalSignIn>();

    [Fact]
    public async Task Whoever_cannot_sign_in_hears_one_sentence_whatever_was_wrong()
    {
        await AddAsync("ada");
        await AddAsync("off");
        await Accounts.DisableAsync("off", Actor.Cli, Cancel);

        var refusals =
            new[] { await RefusalAsync("nobody", Password), await RefusalAsync("ada", "wrong horse battery"),
                await RefusalAsync("off", Password), await RefusalAsync(null, null) };

        Assert.All(refusals, refusal => Assert.Equal((401, WebErrors.NotSignedIn, refusals[0].Message), (refusal.Status, refusal.Code, refusal.Message)));
    }

    [Fact]
    public async Task A_name_signs_in_in_any_case_and_is_taken_in_any_case()
    {
        await AddAsync("Grace");

        Assert.NotNull((await SignIn.WithPasswordAsync("gRACE", Password, TestHub.Browser, Cancel)).SessionKey);
        Assert.Equal("NAME_IN_USE", (await Assert.ThrowsAsync<AppException>(() => AddAsync("GRACE"))).Code);
    }

    [Theory]
    [InlineData("a b", Password, Roles.Viewer, "name")]
    [InlineData("", Password, Roles.Viewer, "name")]
    [InlineData("a\n", Password, Roles.Viewer, "name")]
    [InlineData("short", "elevenchars", Roles.Viewer, "password")]
    [InlineData("role", Password, "root", "role")]
    public async Task A_field_that_is_wrong_is_named(string name, string password, string role, string field)
    {
        var refusal = await Assert.ThrowsAsync<AppException>(() => Accounts.AddAsync(name, role, password, Actor.Cli, Cancel));

        Assert.Equal([field], refusal.Errors.Keys);
    }

    [Fact]
    public void No_password_or_key_is_kept_in_clear()
    {
        var secret = hub.Database.Read(tx => tx.Query($"select password_hash from users", row => row.Text("password_hash")));

        Assert.DoesNotContain(Password, string.Join(' ', secret), StringComparison.Ordinal);
    }

    private Task<User> AddAsync(string name) => Accounts.AddAsync(name, Roles.Viewer, Password, Actor.Cli, Cancel);

    private Task<AppException> RefusalAsync(string? name, string? password) =>
        Assert.ThrowsAsync<AppException>(() => SignIn.WithPasswordAsync(name, password, TestHub.Browser, Cancel));
}
