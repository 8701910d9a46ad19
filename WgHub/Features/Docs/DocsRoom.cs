using WgHub.Web;

namespace WgHub.Features.Docs;

/// <summary>The manual, as pages.</summary>
internal static class DocsRoom
{
    public static Room Room => new() { Add = services => services.AddSingleton<Manual>() };
}
