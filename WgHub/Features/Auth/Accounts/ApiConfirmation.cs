using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>On a call that does what a page does only after a fresh <see cref="Confirmation"/>.</summary>
internal sealed class NeedsConfirmation;

internal static class ApiConfirmation
{
    /// <summary>
    /// A browser must prove anew who sits there, as on the page. An API token need not: somebody made it for a program, in person and with a
    /// fresh proof.
    /// </summary>
    public static TBuilder RequireConfirmation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NeedsConfirmation());

    public static void UseApiConfirmation(this IApplicationBuilder app) =>
        app.Use((context, next) =>
            context.User.Identity?.AuthenticationType == CallerAuthentication.ByCookie
            && context.GetEndpoint()?.Metadata.GetMetadata<NeedsConfirmation>() is not null && !context.IsConfirmed()
                ? context.WriteProblemAsync(AuthErrors.ConfirmationNeeded())
                : next(context));
}
