using System.Text.Json.Nodes;

namespace WgHub.Cli.Remote;

/// <summary>A call of the API as a command.</summary>
/// <param name="Path">With <c>{id}</c> or <c>{name}</c> it takes names of such things, one or more.</param>
internal sealed record Verb(string Name, string What, HttpMethod Method, string Path)
{
    /// <summary>What goes into the body, or for GET into the query.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];

    /// <summary>What goes into the query of a call that has a body.</summary>
    public IReadOnlyList<Field> Query { get; init; } = [];

    /// <summary>A body that is always the same, such as <c>{"enabled": false}</c>.</summary>
    public Func<JsonObject>? Body { get; init; }

    /// <summary>The answer's member with the rows; null for no list.</summary>
    public string? Rows { get; init; }

    /// <summary>True for a list in parts.</summary>
    public bool IsPaged { get; init; }

    /// <summary>Of a list, those that are always shown; a member of a member by dots.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>Of a list, those that <c>--output wide</c> adds.</summary>
    public IReadOnlyList<Column> More { get; init; } = [];

    /// <summary>True: a person at a terminal is asked whether it is meant.</summary>
    public bool Asks { get; init; }

    /// <summary>True: what it answers is what it was called for.</summary>
    public bool Shows { get; init; }

    public bool TakesNames => Path.Contains('{', StringComparison.Ordinal);

    /// <summary>The path of one thing.</summary>
    public string PathOf(string id) =>
        $"{Path[..Path.IndexOf('{', StringComparison.Ordinal)]}{Uri.EscapeDataString(id)}{Path[(Path.IndexOf('}', StringComparison.Ordinal) + 1)..]}";
}

/// <param name="Member">As the API calls it; of what is in it, by dots.</param>
/// <param name="Empty">What stands where there is nothing: never an empty cell, since awk counts.</param>
internal sealed record Column(string Head, string Member, string Empty = "-");

/// <summary>A kind of thing that a hub keeps.</summary>
internal sealed record Noun(string Name, string What)
{
    /// <summary>The first that is a list tells which there are.</summary>
    public required IReadOnlyList<Verb> Verbs { get; init; }

    /// <summary>The member that people call it by.</summary>
    public string NameMember { get; init; } = "name";

    public string IdMember { get; init; } = "id";

    /// <summary>The query of its list that finds part of a name; null where there is none.</summary>
    public string? Search { get; init; }

    public Verb? List => Verbs.FirstOrDefault(verb => verb.Rows is not null && !verb.TakesNames);
}
