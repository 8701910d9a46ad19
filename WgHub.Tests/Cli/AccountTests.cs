using System.Net;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Cli;

/// <summary>The commands for accounts, beside a hub that runs on the same data.</summary>
public sealed partial class AccountTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task An_API_token_is_printed_alone_and_works_at_once_until_it_is_revoked()
    {
        var printed = (await RunAsync("api-token", "create", "--name", "backup job", "--role", "viewer", "--expires", "30d")).OrThrow();
        Assert.Matches(ApiToken(), printed);
        var client = hub.Client(printed.Trim());
        (await client.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        (await client.PostAsync("/api/installation/token", new { spokeName = "x" })).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");

        var list = (await RunAsync("api-token", "list")).OrThrow();
        Assert.DoesNotContain(printed.Trim(), list, StringComparison.Ordinal);
        var line = Assert.Single(list.Split('\n'), line => line.EndsWith("backup job", StringComparison.Ordinal));
        Assert.Equal(["viewer", "valid"], line.Split(' ').Where(word => word is "viewer" or "valid" or "revoked"));
        Assert.Contains($" {printed.Trim()[^4..]} ", line, StringComparison.Ordinal);
        await hub.Get<ApiTokenUse>().RunOnceAsync(Cancel);
        Assert.Equal(["never"], Never().Matches(line).Select(match => match.Value));   // it expires, and was not used before
        Assert.DoesNotMatch(
            Never(), (await RunAsync("api-token", "list")).Output.Split('\n').Single(line => line.EndsWith("backup job", StringComparison.Ordinal)));

        (await RunAsync("api-token", "revoke", line.Split(' ')[0])).OrThrow();
        (await client.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        Assert.Contains("revoked", (await RunAsync("api-token", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api-token revoke 0", "API token")]
    [InlineData("user disable nobody", "account")]
    public async Task What_is_not_there_ends_with_1_and_a_sentence(string command, string named)
    {
        var result = await RunAsync(command.Split(' '));

        Assert.Equal((1, $"wghub: There is no such {named}.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task An_account_is_made_gets_a_new_password_and_is_switched_off()
    {
        (await TypeAsync(Password, "user", "add", "anna", "--role", "operator")).OrThrow();
        Assert.NotNull(await SignInAsync("anna", Password));

        (await TypeAsync("another good password", "user", "passwd", "anna")).OrThrow();
        await Assert.ThrowsAsync<AppException>(() => SignInAsync("anna", Password));
        Assert.NotNull(await SignInAsync("anna", "another good password"));

        (await RunAsync("user", "disable", "anna")).OrThrow();
        await Assert.ThrowsAsync<AppException>(() => SignInAsync("anna", "another good password"));
    }

    [Fact]
    public async Task Who_is_switched_off_takes_their_API_tokens_along_and_the_command_names_them()
    {
        (await TypeAsync(Password, "user", "add", "dora", "--role", "operator")).OrThrow();
        var dora = hub.Database.Read(tx => hub.Get<UserStore>().FindByName(tx, "dora"))!;
        await hub.Get<ApiTokenService>().CreateAsync("night job", Roles.Operator, null, new Administrator(dora.Id, null, Actor.User("dora", null)), Cancel);

        await hub.Get<TokenService>().CreateAsync(new("dora-till"), Actor.User("dora", null) with { UserId = dora.Id }, Cancel);

        Assert.Equal(
            "API tokens that 'dora' had made, revoked with it: night job (operator).\n"
            + "What 'dora' had made to let machines in, revoked with it: token for dora-till.\n",
            (await RunAsync("user", "disable", "dora")).OrThrow());
        Assert.Equal("", (await RunAsync("user", "disable", "dora")).OrThrow());
    }

    [Fact]
    public async Task A_name_is_taken_once_and_a_short_password_is_refused()
    {
        (await TypeAsync(Password, "user", "add", "bert", "--role", "viewer")).OrThrow();

        Assert.Equal(1, (await TypeAsync(Password, "user", "add", "BERT", "--role", "viewer")).ExitCode);
        Assert.Equal((64, "wghub: password: 12 to 200 characters.\n"), await RefusalAsync(TypeAsync("short", "user", "add", "carla", "--role", "viewer")));
        Assert.Equal((64, "wghub: password: 12 to 200 characters.\n"), await RefusalAsync(TypeAsync("short", "user", "passwd", "bert")));
    }

    [Fact]
    public async Task A_setup_code_is_printed_alone_while_there_is_no_administrator()
    {
        using var wghub = new Wghub();

        Assert.Matches(SetupCode(), (await wghub.RunAsync("setup-code")).OrThrow());
        (await Wghub.RunAsync(wghub.Data.FullName, [], Password + "\n", "user", "add", "anna", "--role", "viewer")).OrThrow();
        Assert.Matches(SetupCode(), (await wghub.RunAsync("setup-code")).OrThrow());   // a viewer cannot set up a hub
        (await Wghub.RunAsync(wghub.Data.FullName, [], Password + "\n", "user", "add", "bert", "--role", "admin")).OrThrow();

        var refusal = await wghub.RunAsync("setup-code");
        Assert.Equal((3, ""), (refusal.ExitCode, refusal.Output));
        Assert.Matches(SetupCode(), (await wghub.RunAsync("setup-code", "--reset-admin")).OrThrow());
    }

    [Fact]
    public async Task The_running_hub_takes_the_code_that_the_command_printed()
    {
        var code = (await RunAsync("setup-code")).OrThrow().Trim();

        Assert.True(hub.Get<SetupCodes>().IsValid(code));
        Assert.True(hub.Get<SetupCodes>().IsValid(code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l')));
        Assert.False(hub.Get<SetupCodes>().IsValid(code[..^1] + (code[^1] == 'A' ? 'B' : 'A')));
    }

    private Task<ShellResult> RunAsync(params string[] command) => Wghub.RunAsync(hub.Folder.FullName, [], "", command);

    private Task<ShellResult> TypeAsync(string password, params string[] command) => Wghub.RunAsync(hub.Folder.FullName, [], password + "\n", command);

    private async Task<string?> SignInAsync(string name, string password) =>
        (await hub.Get<LocalSignIn>().WithPasswordAsync(name, password, TestHub.Browser, Cancel)).SessionKey?.Reveal();

    private static async Task<(int ExitCode, string Error)> RefusalAsync(Task<ShellResult> run)
    {
        var result = await run;
        return (result.ExitCode, result.Error);
    }

    [GeneratedRegex(@"\Awgh_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}\n\z")]
    private static partial Regex ApiToken();

    [GeneratedRegex("never")]
    private static partial Regex Never();

    [GeneratedRegex(@"\A([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}\n\z")]
    private static partial Regex SetupCode();
}
