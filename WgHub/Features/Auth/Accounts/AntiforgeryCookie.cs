namespace WgHub.Features.Auth.Accounts;

/// <summary>Named as the session's cookie is: over https with <c>__Host-</c>. The framework asks for one name, so each request is looked at for it.</summary>
internal sealed class AntiforgeryCookie : CookieBuilder
{
    private readonly IHttpContextAccessor _contexts;

    public AntiforgeryCookie(IHttpContextAccessor contexts)
    {
        _contexts = contexts;
        HttpOnly = true;
        IsEssential = true;
        SameSite = SameSiteMode.Lax; // Strict would not come along on the way back from an identity provider, and forms in other tabs would break
        SecurePolicy = CookieSecurePolicy.SameAsRequest; // Always fails over plain HTTP
    }

    public override string? Name => HostCookie.NameFor(_contexts.HttpContext?.Request, "wghub-af");
}
