namespace WgHub.Features.Auth.Oidc;

/// <summary>What somebody is sent to the identity provider for.</summary>
internal enum OidcPurpose
{
    SignIn,

    /// <summary>An administrator tries the saved settings: nobody is signed in, <see cref="OidcTestOutcomes"/> tells what came of it.</summary>
    Test,

    /// <summary>Whoever has a session proves anew who they are.</summary>
    Confirm,
}

/// <summary>Sends a browser to the identity provider.</summary>
internal sealed class OidcChallenge
{
    /// <summary>
    /// Writes the whole answer: a page that leads to the provider (for htmx a header), or one back with the reason of a failure:
    /// to <c>/signin?error=CODE</c>, to <c>/confirm?error=CODE</c>, or for a test to <paramref name="returnUrl"/>, where the outcome is shown.
    /// A page's handler returns an <see cref="Microsoft.AspNetCore.Mvc.EmptyResult"/> after it. The caller has checked antiforgery and role.
    /// </summary>
    /// <param name="returnUrl">Where to go in the end; one that leads away from this hub becomes the dashboard.</param>
    public Task StartAsync(HttpContext context, OidcPurpose purpose, string? returnUrl) =>
        throw new NotSupportedException($"{purpose} to {returnUrl} at {context.Request.Path}");
}
