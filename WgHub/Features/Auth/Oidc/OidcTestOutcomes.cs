using System.Collections.Concurrent;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What came of an administrator's test sign-in. Nobody is signed in by it.</summary>
/// <param name="Problem">What exactly is wrong; null when it succeeded.</param>
/// <param name="ClaimNames">All that the provider told, by name.</param>
/// <param name="RoleValues">What the role claim holds; null when there is none.</param>
/// <param name="Role">The role that would result, or <c>none</c>; null when it failed.</param>
/// <param name="Fingerprint">Of the settings that were tried.</param>
internal sealed record OidcTestOutcome(
    DateTimeOffset At, string Fingerprint, string? Problem, string? Name, IReadOnlyList<string> ClaimNames, IReadOnlyList<string>? RoleValues, string? Role)
{
    /// <inheritdoc cref="OidcIdentity.UserInfoLeftOut"/>
    public string? UserInfoLeftOut { get; init; }

    public bool Succeeded => Problem is null;

    public static OidcTestOutcome Failure(DateTimeOffset at, string fingerprint, string problem) => new(at, fingerprint, problem, null, [], null, null);
}

/// <summary>The last test of each administrator's session, for ten minutes and in memory alone: it holds somebody's claims.</summary>
internal sealed class OidcTestOutcomes(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, OidcTestOutcome> _bySession = [];

    public OidcTestOutcome? Find(string sessionId) => _bySession.TryGetValue(sessionId, out var outcome) && IsFresh(outcome) ? outcome : null;

    public void Keep(string sessionId, OidcTestOutcome outcome)
    {
        foreach (var (session, old) in _bySession)
        {
            if (!IsFresh(old))
            {
                _bySession.TryRemove(session, out _);
            }
        }

        _bySession[sessionId] = outcome;
    }

    private bool IsFresh(OidcTestOutcome outcome) => outcome.At + Life > time.GetUtcNow();
}
