namespace WgHub.Web;

/// <summary>The address of one part of a list.</summary>
internal static class ListAddress
{
    /// <param name="parts">Of its query, in their order; what is empty is left out.</param>
    public static string Of(string path, params IEnumerable<(string Name, string? Value)> parts) =>
        path + QueryString.Create(parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => KeyValuePair.Create(part.Name, part.Value)));
}
