namespace WgHub.Web;

/// <summary>
/// What programs call: they get problem+json and no redirect. Known by the path's beginning, because a refusal may come before routing, or lead
/// to nothing.
/// </summary>
internal sealed class ProgramPaths(IEnumerable<Room> rooms)
{
    private readonly PathString[] _beginnings = ["/api", WebServices.OpenApiPath, .. rooms.SelectMany(room => room.ProgramPaths)];

    public bool Include(PathString path) => Array.Exists(_beginnings, beginning => path.StartsWithSegments(beginning));
}

internal static class ProgramRequests
{
    /// <summary>True for addresses that programs call.</summary>
    public static bool IsApi(this HttpRequest request) => request.HttpContext.RequestServices.GetRequiredService<ProgramPaths>().Include(request.Path);
}
