using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Who changed what, and when.</summary>
internal static class AuditRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapAudit(),
        Navigation = [new("Audit", "/audit", Roles.Viewer, 50) { Chapter = "events" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<Events>();
        services.AddSingleton<EventCounts>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditSubjects>();
        services.AddLoop<AuditTelling>();
        services.AddLoop<AuditNaming>();
        services.AddApiJson(AuditJson.Default);
    }
}
