using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Named as the session's cookie is: over https with <c>__Host-</c>. The framework asks for one name, so each request is looked at for it.</summary>
internal sealed class AntiforgeryCookie : CookieBuilder
{
    private const string Usual = "wghub-af";

    private readonly IHttpContextAccessor _contexts;

    public AntiforgeryCookie(IHttpContextAccessor contexts)
    {
        _contexts = contexts;
        HttpOnly = true;
        IsEssential = true;
        Path = "/"; // the framework would take the path that the hub is below, and a browser then refuse it for its __Host-
        SameSite = SameSiteMode.Lax; // Strict would not come along on the way back from an identity provider, and forms in other tabs would break
        SecurePolicy = CookieSecurePolicy.SameAsRequest; // Always fails over plain HTTP
    }

    public override string? Name => _contexts.HttpContext?.Request.NameOfCookie(Usual) ?? Usual;
}
