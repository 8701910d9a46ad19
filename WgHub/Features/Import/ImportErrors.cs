using WgHub.Features.Leases;
using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>Refusals about what is brought from elsewhere.</summary>
internal static class ImportErrors
{
    /// <param name="why">A sentence of ours; never a piece of the file, which holds keys.</param>
    public static AppException Unreadable(string why) => WebErrors.Invalid("files", $"This cannot be read. {why}");

    public static AppException NothingRuns(string name) =>
        WebErrors.Invalid(
            "running", $"There is no WireGuard interface {name} with peers on this machine. Before the set-up, the setting WireGuard:Interface names another.");

    public static AppException NoName() => WebErrors.Invalid("names", $"One of the names is none: {SpokeName.Rule}");

    public static AppException NameTwice(string name) => WebErrors.Invalid("names", $"The name '{name}' is taken.");

    public static AppException Gone() => WebErrors.Invalid("files", "What was read is no longer in memory. Give it again.");

    public static AppException Changed() =>
        new(StatusCodes.Status409Conflict, "PLAN_CHANGED", "Something changed since the plan was made, and nothing was done. Look at the new plan.");

    public static AppException Blocked(IReadOnlyList<string> why) =>
        new(StatusCodes.Status409Conflict, "IMPORT_BLOCKED",
            $"Nothing was done, since somebody would lose their connection: {string.Join(" ", why.Take(10))}{(why.Count > 10 ? $" And {why.Count - 10} more." : "")}");
}
