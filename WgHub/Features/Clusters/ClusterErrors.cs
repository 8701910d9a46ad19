using WgHub.Web;

namespace WgHub.Features.Clusters;

/// <summary>Refusals about clusters.</summary>
internal static class ClusterErrors
{
    public static AppException NotFound() => WebErrors.NotFound("cluster");
}
