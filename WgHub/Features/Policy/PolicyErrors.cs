using WgHub.Web;

namespace WgHub.Features.Policy;

/// <summary>Refusals about rules.</summary>
internal static class PolicyErrors
{
    /// <param name="tests">Those that fail, as people read them.</param>
    public static AppException TestFailed(string tests) =>
        new(StatusCodes.Status409Conflict, "POLICY_TEST_FAILED", $"The rules would break what is to hold: {tests}.");

    public static AppException RevisionConflict(long revision) => new(
        StatusCodes.Status409Conflict, "REVISION_CONFLICT", "The rules were changed meanwhile. Read them again.")
    { Facts = new Dictionary<string, string> { ["revision"] = $"{revision}" } };

    public static AppException WaitsForConfirmation() => new(
        StatusCodes.Status409Conflict, "REVISION_CONFLICT", "A change waits to be confirmed. Confirm it, or wait until the former rules are back.");

    public static AppException PlanChanged() =>
        new(StatusCodes.Status409Conflict, "PLAN_CHANGED", "What would be done is no longer what was shown. Look at it again.");

    public static AppException NothingToConfirm() =>
        new(StatusCodes.Status409Conflict, "ROLLED_BACK", "Nothing waits to be confirmed: the former rules are back, or the change was confirmed.");

    public static AppException SameConnection() => new(
        StatusCodes.Status409Conflict, "REVISION_CONFLICT",
        "This came over the connection that made the change, which proves nothing. Confirm over a new one: with curl, a call of its own.");
}
