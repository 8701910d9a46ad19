namespace WgHub.Web;

internal static class Htmx
{
    /// <summary>True when htmx asks for a part of a page.</summary>
    public static bool IsHtmx(this HttpRequest request) => request.Headers.ContainsKey("HX-Request");
}
