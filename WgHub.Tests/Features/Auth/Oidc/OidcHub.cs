using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A hub with a local administrator and a turnable clock. Each test gives it a provider of its own.</summary>
public sealed class OidcHub : IAsyncLifetime
{
    internal const string Password = "correct horse battery";

    internal TestHub Hub { get; init; } = new() { Time = new ManualTime() };

    internal ManualTime Time => (ManualTime)Hub.Time;

    public async ValueTask InitializeAsync()
    {
        await Hub.InitializeAsync();
        await Hub.Get<AccountService>().AddAsync("root", Roles.Admin, Password, Actor.Cli, Cancel);
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    /// <summary>A new provider, and the settings that go with it.</summary>
    internal async Task<FakeIdp> AddProviderAsync(Func<SignInSettings, SignInSettings>? change = null)
    {
        Time.Advance(TimeSpan.FromSeconds(1)); // the audit log orders by the millisecond
        var idp = await FakeIdp.StartAsync(Time);
        await SetAsync(idp, change);
        return idp;
    }

    internal Task SetAsync(FakeIdp idp, Func<SignInSettings, SignInSettings>? change = null)
    {
        var settings = SignInSettings.Default with
        {
            OidcEnabled = true,
            Issuer = idp.Issuer,
            ClientId = FakeIdp.ClientId,
            ClientSecret = new Secret(FakeIdp.Secret),
            AdminValues = ["wghub-admins"],
            OperatorValues = ["wghub-operators"],
            ViewerValues = ["wghub-viewers"],
        };
        return Hub.Database.WriteAsync(db => Hub.Get<SignInSettingsStore>().Save(db, change?.Invoke(settings) ?? settings), Cancel);
    }

    internal OidcBrowser NewBrowser() => new(Hub);

    /// <summary>A browser that has gone all the way.</summary>
    internal async Task<OidcBrowser> SignInAsync(FakeIdp idp)
    {
        var browser = NewBrowser();
        Assert.Equal("/account", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())));
        return browser;
    }

    /// <summary>A browser of the local administrator's.</summary>
    internal async Task<OidcBrowser> SignInLocallyAsync()
    {
        var browser = NewBrowser();
        browser.SetCookie("wghub", (await Hub.SessionOfAsync("root", Password))!);
        return browser;
    }

    internal User? FindUser(FakeIdp idp, string subject = "ada-1") => Hub.Database.Read(db => Hub.Get<UserStore>().FindBySubject(db, idp.Issuer, subject));

    internal SignInSettings Settings => Hub.Get<SignInSettingsStore>().Current;

    /// <summary>What the audit log tells of the newest entry of that name.</summary>
    internal string? LastAudit(string @event) =>
        Hub.Get<AuditLog>().List(new(null, null, null, @event, null), Paging.From(1, 1)).Rows is [var newest, ..] ? newest.Detail : null;
}
