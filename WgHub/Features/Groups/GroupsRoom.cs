using WgHub.Features.Audit;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Groups;

/// <summary>Groups of spokes, and what is decided for them.</summary>
internal static class GroupsRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapGroups(),
        Navigation = [new("Groups", "/groups", Roles.Viewer, 25) { Chapter = "routes" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(
            SubjectKind.Group, Roles.Viewer, (tx, id) => GroupStore.Find(tx, tx.OwnHub, id)?.Name, id => $"/groups?name={Uri.EscapeDataString(id)}"));
        services.AddSingleton<GroupService>();
        services.AddApiJson(GroupJson.Default);
    }
}
