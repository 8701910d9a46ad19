using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>Refusals while a machine is taken in.</summary>
internal static class EnrolmentErrors
{
    public static AppException SwitchedOff(string name) =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, $"The spoke '{name}' is switched off on the hub. Ask an operator to switch it on.");

    public static AppException NoScript(string platform) =>
        WebErrors.Invalid("platform", $"There is no script for {platform}: open /join/ and the token in a browser instead.");
}
