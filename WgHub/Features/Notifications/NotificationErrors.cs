using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>Refusals about channels.</summary>
internal static class NotificationErrors
{
    public const int MostChannels = 50;

    public static AppException NotFound() => WebErrors.NotFound("channel");

    public static AppException NoDeadLetter() => WebErrors.NotFound("dead letter");

    public static AppException NameInUse(string name)
    {
        var sentence = $"The name '{name}' is another channel's.";
        return new(StatusCodes.Status409Conflict, "NAME_IN_USE", sentence) { Errors = new Dictionary<string, string[]> { ["name"] = [sentence] } };
    }

    public static AppException TooMany() => WebErrors.Malformed($"There are {MostChannels} channels already: remove one that nobody reads.");

    public static AppException NoSecret() => WebErrors.Malformed("Mail has no secret: nothing of it is signed.");

    /// <summary>Of a name that is no event.</summary>
    public static string SentenceOf(string unknown) =>
        $"There is no event '{(unknown.Length > 40 ? unknown[..40] : unknown)}'. docs/events.md has them all; spoke.* stands for all of spokes.";
}
