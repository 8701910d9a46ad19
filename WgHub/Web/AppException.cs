namespace WgHub.Web;

/// <summary>An expected refusal that is shown to the caller, with a stable code of the API.</summary>
/// <param name="status">HTTP status of the answer, 400 to 599.</param>
/// <param name="code">Stable code in upper case, such as <c>NAME_IN_USE</c>; once released, never reused for another meaning.</param>
/// <param name="message">One sentence for a person; never holds a key, a token or a path.</param>
internal sealed class AppException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Sentences by field, in the API's spelling; empty when no field is to blame.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>More members of the answer, such as <c>usedAt</c>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>For 429 and 503: when it makes sense to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
