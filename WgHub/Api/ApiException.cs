using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace WgHub.Api;

/// <summary>The server said no.</summary>
/// <param name="status">HTTP status of the answer.</param>
/// <param name="code">The API's stable code, such as <c>NAME_IN_USE</c>; empty when the answer is no problem of the API, but a proxy's, say.</param>
/// <param name="sentence">For a person.</param>
[SuppressMessage("Design", "CA1032", Justification = "It is made of an answer, or not at all.")]
internal sealed class ApiException(int status, string code, string sentence) : Exception(sentence)
{
    private const string Problem = "application/problem+json";

    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Sentences by field, in the API's spelling; empty when no field is to blame.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; private init; } = new Dictionary<string, string[]>();

    /// <summary>When it makes sense to come again; null when that was not told.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <param name="body">The answer's, which may be anything.</param>
    public static ApiException Of(HttpResponseMessage answer, byte[] body)
    {
        var (code, sentence, errors) = answer.Content.Headers.ContentType?.MediaType == Problem ? Read(body) : ("", null, null);
        return new((int)answer.StatusCode, code, sentence ?? $"The server answered {(int)answer.StatusCode}.")
        {
            Errors = errors ?? new Dictionary<string, string[]>(),
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }

    private static (string Code, string? Sentence, Dictionary<string, string[]>? Errors) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var problem = json.RootElement;
            var errors = problem.TryGetProperty("errors", out var fields) ? fields.EnumerateObject().ToDictionary(field => field.Name, Sentences) : null;
            return (TextOf(problem, "code") ?? "", TextOf(problem, "error") ?? TextOf(problem, "title"), errors);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ("", null, null); // it calls itself a problem, and is none
        }
    }

    private static string[] Sentences(JsonProperty field) => [.. field.Value.EnumerateArray().Select(sentence => sentence.ToString())];

    private static string? TextOf(JsonElement problem, string name) => problem.TryGetProperty(name, out var text) ? text.GetString() : null;
}
