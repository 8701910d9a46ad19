using System.Text.Json.Serialization;

namespace WgHub.Web;

/// <summary>One file of build/assets.mjs.</summary>
/// <param name="File">Name with the content's hash, <c>app.0123456789ab.css</c>.</param>
/// <param name="Size">Bytes when not compressed.</param>
/// <param name="Br">Whether <c>FILE.br</c> is there too.</param>
/// <param name="Gz">Whether <c>FILE.gz</c> is there too.</param>
internal sealed record Asset(string Url, string File, string Type, string Integrity, int Size, bool Br, bool Gz);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, Asset>))]
internal sealed partial class AssetsJson : JsonSerializerContext;
