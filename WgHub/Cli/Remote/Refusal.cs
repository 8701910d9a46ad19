using WgHub.Api;

namespace WgHub.Cli.Remote;

/// <summary>What the hub refused, for a terminal. The exit statuses are a promise to scripts.</summary>
internal static class Refusal
{
    private const int Failed = 1;
    private const int NotSignedIn = 4;
    private const int NotFound = 5;
    private const int Refused = 6;
    private const int Usage = 64;

    /// <returns>Such as <c>"The name is in use. (NAME_IN_USE)"</c>; a field by its option.</returns>
    public static (string Sentence, int Code) Explain(ApiException refused)
    {
        var what = refused.Errors.Count == 0 ? refused.Message
            : string.Join(' ', refused.Errors.Select(error => $"{WordOf(error.Key)}: {string.Join(' ', error.Value)}"));
        return (refused.Code.Length > 0 ? $"{what} ({refused.Code})" : what, CodeOf(refused));
    }

    /// <summary>The option that a field is given by: of <c>rules[3].from</c> it is <c>--from</c>.</summary>
    private static string WordOf(string field) => field.EndsWith(']') ? field : new Field(field[(field.LastIndexOf('.') + 1)..], "").Option;

    private static int CodeOf(ApiException refused) => refused switch
    {
        { Status: 401 or 403 } => NotSignedIn,
        { Status: 404 } => NotFound,
        { Code: "VALIDATION_FAILED" or "INVALID_PUBLIC_KEY" } => Usage,
        { Status: 429 or >= 500 } or { Code: "" } => Failed,
        _ => Refused,
    };
}
