using WgHub.Web;

namespace WgHub.Features.Dashboard;

/// <summary>What one sees first.</summary>
internal static class DashboardRoom
{
    public static Room Room => new()
    {
        Navigation = [new("Dashboard", "/", Roles.Viewer, 10)],
    };
}
