using System.Globalization;
using AngleSharp.Dom;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Published;
using WgHub.Storage;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.TestKit;

/// <summary>Local accounts, and how their owners come in.</summary>
internal static class LocalAccounts
{
    public const string Password = "correct horse battery";

    private static int _count;

    public static Task<User> AddPersonAsync(this TestHub hub, string role = Roles.Viewer) =>
        hub.Get<AccountService>()
            .AddAsync(string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref _count)}"), role, Password, Actor.Cli, Cancel);

    /// <summary>Sets an authenticator app up, with the code of the step before: the one of now can still be used.</summary>
    public static async Task<(TotpSeed Seed, IReadOnlyList<string> RecoveryCodes)> AddAppAsync(this TestHub hub, User user)
    {
        var totp = hub.Get<TotpService>();
        await totp.BeginAsync(user.Id, Cancel);
        var seed = totp.Find(user.Id)!.Seed;
        return (seed, [.. (await totp.EnableAsync(user.Id, hub.CodeOf(seed, -1), Actor.Cli, Cancel)).Select(code => code.Reveal())]);
    }

    /// <summary>What the app shows now, or so many steps from now.</summary>
    public static string CodeOf(this TestHub hub, TotpSeed seed, int steps = 0) =>
        new OtpNet.Totp(seed.Reveal()).ComputeTotp(hub.Time.GetUtcNow().UtcDateTime.AddSeconds(30 * steps));

    /// <summary>What the cookie of somebody holds whose password was right just now.</summary>
    public static PendingProof PendingOf(this TestHub hub, User user) => new(user.Id, hub.Get<UserStore>().FindLocalById(user.Id)!.PasswordMark);

    /// <returns>The session's key; null when a second factor is still to come.</returns>
    public static async Task<string?> SessionOfAsync(this TestHub hub, string? name, string? password = Password) =>
        (await hub.Get<LocalSignIn>().WithPasswordAsync(name, password, TestHub.Browser, Cancel)).SessionKey?.Reveal();

    /// <summary>Types name and password into the sign-in page.</summary>
    public static async Task<IDocument> SignInAsync(this Walker visitor, string name, string password = Password, string path = "/signin") =>
        await visitor.PressAsync((await visitor.OpenAsync(path, Cancel)).Fill("Name", name).Fill("Password", password), "Sign in", Cancel);

    /// <summary>What the audit log holds of an account, the newest first.</summary>
    public static IReadOnlyList<string> EventsOf(this TestHub hub, User user) =>
        hub.Database.Read(db => db.Query($"select event from audit where subject = {user.Id} order by sequence desc", row => row.Text("event")));
}
