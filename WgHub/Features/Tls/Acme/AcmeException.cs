using System.Security.Authentication;

namespace WgHub.Features.Tls.Acme;

/// <summary>Why there is no certificate, in a sentence that says what to do about it.</summary>
/// <param name="kind">The last word of the problem's type (RFC 8555 §6.7), such as <c>connection</c>; our own <c>unreachable</c>,
/// <c>garbled</c>, <c>timeout</c>.</param>
/// <param name="said">The authority's own words, safe to show; null when it said nothing.</param>
internal sealed class AcmeException(string kind, string sentence, string? said = null, Exception? inner = null) : Exception(sentence, inner)
{
    private const string UrnPrefix = "urn:ietf:params:acme:error:";
    private const int LongestSaid = 500;

    public string Kind { get; } = kind;

    public string? Said { get; } = said;

    /// <summary>The authority's own wish, of a limit for instance.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>True when the authority looked and did not find the answer: another challenge may do better.</summary>
    public bool IsOfChallenge => Kind is "connection" or "dns" or "unauthorized" or "incorrectResponse" or "tls" or "timeout" or "challengeMissing";

    /// <param name="challenge">How control was being proved; null when it was not about that.</param>
    public static AcmeException From(AcmeProblem problem, ChallengeKind? challenge, TimeSpan? retryAfter = null, string? name = null)
    {
        // An order of many names says in the parts which of them it is about.
        var cause = problem.Subproblems is [var first, ..] ? first : problem;
        var type = cause.Type ?? "";
        var kind = type.StartsWith(UrnPrefix, StringComparison.Ordinal) ? type[UrnPrefix.Length..] : "other";
        var about = Clean(cause.Identifier?.Value ?? name) ?? "the name";
        return new(
            kind, SentenceOf(kind, about, challenge == ChallengeKind.TlsAlpn01 ? 443 : 80), Clean(cause.Detail ?? problem.Detail))
        { RetryAfter = retryAfter };
    }

    public static string Urn(string kind) => UrnPrefix + kind;

    public static AcmeException Unreachable(string authority, HttpRequestException exception) => exception switch
    {
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Garbled(),
        { InnerException: AuthenticationException } => new(
            "unreachable", $"The authority's own certificate at {authority} is not trusted here. For a private authority name its root in Tls:AcmeCaFile.", inner: exception),
        _ =>
            new(
                "unreachable",
                $"The authority {authority} cannot be reached. Check the hub's way out (DNS, firewall, proxy) and Tls:AcmeDirectory.",
                Clean(exception.Message), exception),
    };

    public static AcmeException Silent(string authority, Exception inner) =>
        new("unreachable", $"The authority {authority} does not answer in time.", inner: inner);

    public static AcmeException NoRoots(Exception? inner) =>
        new("unreachable", "The file that Tls:AcmeCaFile names cannot be read, or holds no certificate.", inner: inner);

    /// <summary>Every way was tried: what to do about the likeliest, and what was said of each.</summary>
    /// <param name="failures">One for each of <paramref name="kinds"/>.</param>
    public static AcmeException AllOf(IReadOnlyList<AcmeException> failures, IReadOnlyList<ChallengeKind> kinds) => failures is [var only]
        ? only
        : new(
            failures[0].Kind, failures[0].Message,
            string.Join(" · ", kinds.Zip(failures, (kind, failure) => $"{kind.Name}: {failure.Said ?? failure.Kind}")), failures[^1]);

    public static AcmeException Garbled() =>
        new("garbled", "What answers at Tls:AcmeDirectory does not speak ACME as RFC 8555 has it. Check the address.");

    public static AcmeException TimedOut(string name, ChallengeKind challenge) =>
        new("timeout", $"The authority came to no answer about {name} in time. {Reach(name, challenge.Port)}");

    public static AcmeException ChallengeMissing(string name, ChallengeKind challenge) =>
        new("challengeMissing", $"The authority does not offer {challenge.Name} for {name}.");

    public static AcmeException WrongCertificate() =>
        new("garbled", "The authority sent a certificate that is not for these names and this key. It was not taken.");

    private static string SentenceOf(string kind, string name, int port) => kind switch
    {
        "connection" => $"The authority could not connect to {name} on port {port}. {Reach(name, port)}",
        "dns" => $"The authority finds no address for {name}. Let its A or AAAA record point to this machine; a new record can take an hour to be seen.",
        "unauthorized" or "incorrectResponse" => $"Something else answers for {name} on port {port}: the name points to another machine, or a proxy in front keeps the request to itself.",
        "tls" => $"Something else speaks TLS for {name} on port 443: a proxy in front, or another machine.",
        "caa" => $"A CAA record in DNS forbids this authority to certify {name}. Add the authority to it.",
        "rateLimited" => "A limit of the authority is reached. The hub waits as long as it is told to; while you try things out, set Tls:AcmeStaging.",
        "rejectedIdentifier" or "unsupportedIdentifier" => $"The authority gives no certificate for {name}. Many serve public DNS names only; an address may need another Tls:AcmeProfile.",
        "externalAccountRequired" => "This authority wants an account that was bound to it beforehand, which the hub cannot do. Choose another in Tls:AcmeDirectory.",
        "userActionRequired" => "The authority wants its new terms to be read and agreed to; its words say where.",
        "invalidContact" or "unsupportedContact" => "The authority does not take the address in Tls:AcmeEmail.",
        "invalidProfile" => "The authority has no such profile. Correct Tls:AcmeProfile or leave it out.",
        "serverInternal" => "The authority has trouble of its own. There is nothing to do here; the hub tries again.",
        _ => "The authority refused.",
    };

    private static string Reach(string name, int port) =>
        $"See that {name} points to this machine and that TCP port {port} is open to the internet (firewall, cloud rules, port forwarding).";

    /// <summary>Words from outside: one line, printable, and not for ever.</summary>
    private static string? Clean(string? text) => text is null
        ? null
        : string.Concat(
            text.Take(LongestSaid).Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? ' ' : c));
}
