using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

internal enum FieldKind
{
    Text,
    Number,

    /// <summary><c>on</c> or <c>off</c>.</summary>
    Flag,

    /// <summary>There or not, without a value.</summary>
    Switch,

    /// <summary>By commas; an empty text for none.</summary>
    List,

    /// <summary><c>hub</c>, <c>network</c>, <c>all</c>, or networks by commas.</summary>
    Routes,

    /// <summary>Name or id of a spoke; <c>hub</c> stays as it is.</summary>
    Spoke,
}

/// <summary>What a call takes, and how the command line spells it.</summary>
/// <param name="Member">As the API calls it.</param>
internal sealed partial record Field(string Member, string What, FieldKind Kind = FieldKind.Text)
{
    /// <summary>True for one that stands behind the command without a name.</summary>
    public bool IsArgument { get; init; }

    /// <summary>The word for the API's null, such as <c>never</c>; null where there is none.</summary>
    public string? Nothing { get; init; }

    public string Option => "--" + Humps().Replace(Member, "-").ToLowerInvariant();

    /// <summary>Gives a command the option for it.</summary>
    public Option<string?> AddTo(Command command)
    {
        var option = new Option<string?>(Option) { Description = What, HelpName = HelpName };
        if (Kind == FieldKind.Switch)
        {
            option.Arity = ArgumentArity.Zero;
        }

        command.Options.Add(option);
        return option;
    }

    /// <returns>Null where it was not given.</returns>
    public string? GivenIn(ParseResult parsed, Option<string?> option) =>
        Kind == FieldKind.Switch && parsed.GetResult(option) is not null ? "" : parsed.GetValue(option);

    private string HelpName => Kind switch
    {
        FieldKind.Number => "N",
        FieldKind.Flag => "on|off",
        FieldKind.List or FieldKind.Routes => "A,B,…",
        FieldKind.Spoke => "SPOKE",
        _ => "TEXT",
    };

    /// <exception cref="UsageException">It has another shape.</exception>
    public JsonNode? Read(string text) => Nothing is not null && text == Nothing ? null : Kind switch
    {
        FieldKind.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(text, "a whole number"),
        FieldKind.Switch => true,
        FieldKind.Flag => text switch
        {
            "on" or "true" or "yes" => true,
            "off" or "false" or "no" => false,
            _ => throw Wrong(text, "on or off"),
        },
        FieldKind.List => ListOf(text),
        FieldKind.Routes => text is "hub" or "network" or "all" ? text : ListOf(text),
        _ => text,
    };

    private UsageException Wrong(string text, string what) => new($"{Option} {text}: {what}.");

    private static JsonArray ListOf(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => JsonValue.Create(one))];

    /// <summary>customIP → custom-ip, networkCIDRv6 → network-cidr-v6.</summary>
    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=v[0-9])")]
    private static partial Regex Humps();
}
