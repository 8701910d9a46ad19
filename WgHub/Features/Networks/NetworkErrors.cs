using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>Refusals about networks.</summary>
internal static class NetworkErrors
{
    public static AppException NotFound() => WebErrors.NotFound("network");

    public static AppException NoSuchSpoke(string field) => WebErrors.Invalid(field, "There is no such spoke.");

    public static AppException NameInUse(string name) =>
        OfField("name", StatusCodes.Status409Conflict, "NAME_IN_USE", $"The name '{name}' is another network's.");

    /// <param name="holder">Who has it, such as <c>the network 'office'</c>.</param>
    public static AppException Overlap(Cidr wanted, string holder, Cidr held, string field = "cidr") =>
        OfField(
            field, StatusCodes.Status409Conflict, "NETWORK_OVERLAP",
            wanted == held ? $"{wanted} is held by {holder}." : $"{wanted} overlaps {held}, which is held by {holder}.");

    /// <summary>The machine's own routes come before what lies behind a spoke.</summary>
    public static AppException ReachedByHub(Cidr wanted, Cidr held) =>
        OfField(
            "cidr", StatusCodes.Status409Conflict, "NETWORK_OVERLAP",
            $"{wanted} overlaps {held}, which the hub's machine reaches by another interface. Let it lie behind the hub, or take that route away first.");

    private static AppException OfField(string field, int status, string code, string sentence) =>
        new(status, code, sentence) { Errors = new Dictionary<string, string[]> { [field] = [sentence] } };
}
