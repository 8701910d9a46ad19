using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace WgHub.TestKit;

/// <summary>What the hub answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The problem's code; null when the answer is no problem.</summary>
    public string? Code => ContentType == "application/problem+json" ? Text("code") : null;

    /// <summary>A member of the JSON, such as <c>Text("rules", "0", "id")</c>; numbers and truth values as they are written.</summary>
    public string? Text(params string[] path) => At(path).ToString();

    public JsonElement At(params string[] path) => path.Aggregate(
        Json, (json, name) => json.ValueKind == JsonValueKind.Array ? json[int.Parse(name, CultureInfo.InvariantCulture)] : json.GetProperty(name));

    /// <summary>Names of the members of the JSON object at <paramref name="path"/>, in order.</summary>
    public IReadOnlyList<string> Members(params string[] path) => [.. At(path).EnumerateObject().Select(member => member.Name)];

    /// <summary>Fails with the whole body, which tells more than two numbers.</summary>
    public Answer Expect(HttpStatusCode status, string? code = null)
    {
        Assert.True(Status == status && Code == code, $"Expected {(int)status} {code}, got {(int)Status} {Code}: {Body}");
        return this;
    }
}
