namespace WgHub.Storage;

/// <summary>Who changes something.</summary>
/// <param name="Name"><c>user:NAME</c>, <c>api:NAME</c>, <c>spoke:NAME</c>, <c>provider</c>, <c>cli</c> or <c>system</c>.</param>
/// <param name="Address">Where the request came from; null for the hub itself.</param>
internal sealed record Actor(string Name, string? Address)
{
    /// <summary>
    /// The account whose rights it uses: a person's own, or of whoever made a program's token. Null for a command, a spoke and the hub itself.
    /// </summary>
    public string? UserId { get; init; }

    public static readonly Actor System = new("system", null);

    public static readonly Actor Cli = new("cli", null);

    public static Actor Spoke(string name, string? address) => new($"spoke:{name}", address);

    public static Actor User(string name, string? address) => new($"user:{name}", address);
}
