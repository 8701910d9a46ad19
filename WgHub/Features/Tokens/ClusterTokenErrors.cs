using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Refusals about tokens of clusters.</summary>
internal static class ClusterTokenErrors
{
    public static AppException NoNode() =>
        new(
            StatusCodes.Status409Conflict, "NOT_A_CLUSTER_NODE",
            "This token is for the nodes of a Proxmox VE cluster, and this machine does not say that it is one. Make a token of its own for it.");

    public static AppException Full(int nodes) =>
        new(StatusCodes.Status409Conflict, "CLUSTER_TOKEN_FULL", $"All {nodes} nodes that this token is for have come. Make another token for this one.");
}
