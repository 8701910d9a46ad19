using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace WgHub.Hosting;

/// <summary>Names the request that something is done for, in the log and to the caller. It tells nothing of who sent it.</summary>
internal static partial class RequestId
{
    private const int MadeBytes = 8;

    private static readonly AsyncLocal<string?> Ambient = new();

    /// <summary>Null outside of a request.</summary>
    public static string? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The caller's own, so that its log and ours tell of one thing; a new one where it has none, or one that is more than a name.</summary>
    /// <param name="given">Each value of <c>X-Request-Id</c>.</param>
    /// <param name="trace">Each value of <c>traceparent</c> (W3C Trace Context), whose trace it is then.</param>
    public static string From(IReadOnlyList<string?> given, IReadOnlyList<string?> trace) =>
        given is [{ } id] && Name().IsMatch(id) ? id
        : trace is [{ } parent] && Trace().Match(parent) is { Success: true } match ? match.Groups["id"].Value
        : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeBytes));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A00-(?<id>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\z")]
    private static partial Regex Trace();
}
