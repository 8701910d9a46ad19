using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.TestKit;

/// <summary>
/// Somebody before a browser in which they are signed in. A form is sent as the page would send it, with its antiforgery value, and with the
/// answer to what is asked first.
/// </summary>
internal sealed record Person(User User, ApiClient Browser, string Antiforgery)
{
    public Task<Answer> GetAsync(string path) => Browser.GetAsync(path);

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) => Browser.SendAsync(
        HttpMethod.Post, path, new FormUrlEncodedContent(
            fields.Append((AsksFirstAttribute.Answer, "true")).Select(field => KeyValuePair.Create(field.Item1, field.Item2))), ("X-CSRF", Antiforgery));
}

internal static class People
{
    private static int _names;

    /// <summary>A new local account of that role, signed in just now. Nobody knows its password.</summary>
    public static async Task<Person> PersonAsync(this TestHub hub, string role, string? name = null) =>
        await hub.SignInAsync(await hub.AccountAsync(role, name));

    /// <summary>A new local account that nobody has signed in to.</summary>
    public static async Task<User> AccountAsync(this TestHub hub, string role, string? name = null)
    {
        var user = new User(Guid.CreateVersion7().ToString(), name ?? $"person-{Interlocked.Increment(ref _names)}", role, true);
        await hub.Database.WriteAsync(db => hub.Get<UserStore>().Add(db, user, "", hub.Time.GetUtcNow()), Cancel);
        return user;
    }

    /// <summary>An account of an identity provider, as its first sign-in would leave it.</summary>
    public static async Task<User> ProviderAccountAsync(this TestHub hub, string role, string name = "olga")
    {
        var user = new User(Guid.CreateVersion7().ToString(), name, role, true, "https://id.example.com/realms/main");
        await hub.Database.WriteAsync(
            db =>
            {
                db.Execute(
                    $"""
                    insert into users (id, name, name_key, issuer, subject, role, enabled, created_at, totp_last_step, failed_sign_ins)
                    values ({user.Id}, {user.Name}, {user.Name.ToUpperInvariant()}, {user.Issuer}, {user.Id}, {user.Role}, {true},
                        {hub.Time.GetUtcNow().ToUnixTimeMilliseconds()}, 0, 0)
                    """);
            },
            Cancel);
        return user;
    }

    public static async Task<Person> SignInAsync(this TestHub hub, User user)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { PathBase = hub.Get<PublicUrl>().Path } };
        var key = await hub.Get<SignIns>().BeginAsync(user, SignInWay.Password, TestHub.Browser, null, Cancel);
        var session = $"{context.Request.NameOfCookie("wghub")}={key.Reveal()}";
        context.Request.Headers.Cookie = session;
        context.User = (await context.AuthenticateAsync()).Principal!;
        var tokens = hub.Get<IAntiforgery>().GetAndStoreTokens(context);
        return new(user, hub.Client(null, $"{session}; {context.Request.NameOfCookie("wghub-af")}={tokens.CookieToken}"), tokens.RequestToken!);
    }
}
