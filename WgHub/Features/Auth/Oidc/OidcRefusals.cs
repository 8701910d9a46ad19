using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Tells of a failure: whoever signs in one sentence, the log and the testing administrator what exactly is wrong.</summary>
internal sealed partial class OidcRefusals(SignIns signIns, OidcTestOutcomes outcomes, TimeProvider time, ILogger<OidcRefusals> logger)
{
    public async Task AnswerAsync(HttpContext context, OidcPurpose purpose, string returnUrl, string fingerprint, OidcException exception)
    {
        LogRefused(purpose, exception.Code, exception.Reason, exception.Message);
        if (purpose == OidcPurpose.Test)
        {
            outcomes.Keep(context.User.SessionId()!, OidcTestOutcome.Failure(time.GetUtcNow(), fingerprint, exception.Message));
            context.GoTo(returnUrl);
            return;
        }

        await signIns.FailedAsync(null, Visitor.Of(context), $"oidc:{exception.Reason}", context.RequestAborted);
        context.GoTo($"{(purpose == OidcPurpose.Confirm ? "/confirm" : "/signin")}?error={exception.Code}&returnUrl={Uri.EscapeDataString(returnUrl)}");
    }

    /// <summary>An answer that no browser of ours waits for. Anybody can send one: it leaves a line in the log and nothing in the database.</summary>
    public void AnswerStranger(HttpContext context)
    {
        LogStranger(context.Connection.RemoteIpAddress);
        context.GoTo($"/signin?error={OidcFailure.Failed}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider's {Purpose} ended with {Code} ({Reason}): {Why}")]
    private partial void LogRefused(OidcPurpose purpose, string code, string reason, string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "An answer of the identity provider came from {Address} that belongs to no sign-in begun there: replayed, too old, or forged.")]
    private partial void LogStranger(System.Net.IPAddress? address);
}
