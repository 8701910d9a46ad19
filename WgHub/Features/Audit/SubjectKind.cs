namespace WgHub.Features.Audit;

/// <summary>What things the log tells of.</summary>
/// <param name="Word">Before the name of one, for a person.</param>
/// <param name="NameFact">Which fact of an entry is the name.</param>
internal sealed record SubjectKind(string Word, string NameFact = "name")
{
    public static readonly SubjectKind Spoke = new("spoke");

    public static readonly SubjectKind Group = new("group");

    public static readonly SubjectKind Cluster = new("cluster");

    public static readonly SubjectKind Network = new("network");

    /// <summary>One for a single machine; its name is the spoke's to be.</summary>
    public static readonly SubjectKind Token = new("token for", "spokeName");

    public static readonly SubjectKind ClusterToken = new("cluster token", "site");

    public static readonly SubjectKind ApiToken = new("API token");

    public static readonly SubjectKind User = new("account");

    /// <summary>One for notifications.</summary>
    public static readonly SubjectKind Channel = new("channel");

    public static readonly SubjectKind Hub = new("the hub") { IsOne = true };

    public static readonly SubjectKind SignInSettings = new("how people sign in") { IsOne = true };

    public static readonly SubjectKind Certificate = new("the certificate") { IsOne = true };

    public static readonly SubjectKind Tokens = new("many tokens") { IsOne = true };

    /// <summary>Of an event that an older version knew.</summary>
    public static readonly SubjectKind Unknown = new("") { IsOne = true };

    /// <summary>True when there is only one, which needs no name.</summary>
    public bool IsOne { get; private init; }
}
