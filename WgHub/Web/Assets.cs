using System.Collections.Frozen;
using System.Text.Json;
using WgHub.Hosting;

namespace WgHub.Web;

/// <summary>
/// Styles, scripts and pictures inside the binary, as build/assets.mjs made them. An address holds the hash of its content,
/// so a browser keeps a file forever and asks anew after an upgrade: <c>Assets.Url("app.css")</c>.
/// </summary>
internal static class Assets
{
    private static readonly FrozenDictionary<string, Asset> ByName = Read();

    public static FrozenDictionary<string, Asset> ByFile { get; } = ByName.Values.ToFrozenDictionary(asset => asset.File);

    /// <exception cref="KeyNotFoundException">wwwroot/ and build/assets.mjs know no such file.</exception>
    public static string Url(string name) => ByName[name].Url;

    /// <summary>The value of an <c>integrity</c> attribute.</summary>
    /// <exception cref="KeyNotFoundException">wwwroot/ and build/assets.mjs know no such file.</exception>
    public static string Integrity(string name) => ByName[name].Integrity;

    private static FrozenDictionary<string, Asset> Read()
    {
        using var manifest = EmbeddedFiles.Open("wwwroot/assets.json");
        return JsonSerializer.Deserialize(manifest, AssetsJson.Default.DictionaryStringAsset)!.ToFrozenDictionary();
    }
}
