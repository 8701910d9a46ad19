namespace WgHub.Web;

/// <summary>
/// Refuses a change that another site made a browser send, before anybody asks who that browser is: a second line behind the antiforgery token.
/// See Fetch Metadata Request Headers (W3C), and RFC 6454 for browsers that do not send them, or not over plain HTTP. Behind routing, which
/// finds <see cref="ProvesItselfAttribute"/>.
/// </summary>
internal static class SameOrigin
{
    public static void UseSameOrigin(this WebApplication app)
    {
        var publicUrl = app.Services.GetRequiredService<PublicUrl>();
        app.Use((context, next) => IsRightful(context.Request, publicUrl) ? next(context) : context.RefuseAsync(WebErrors.CrossSite()));
    }

    /// <summary>True for the verbs that must change nothing.</summary>
    public static bool IsSafe(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    private static bool IsRightful(HttpRequest request, PublicUrl publicUrl)
    {
        if (request.IsSafe() || request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ProvesItselfAttribute>() is not null || HasToken(request))
        {
            return true;
        }

        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return site is "same-origin" or "none";
        }

        return request.Headers.Origin is not [{ } origin, ..]
            || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || origin.Equals(publicUrl.Setting?.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>No browser adds a bearer token by itself, so whoever sends one means it.</summary>
    private static bool HasToken(HttpRequest request) =>
        request.IsApi() && request.Headers.Authorization is [{ } header, ..] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
}
