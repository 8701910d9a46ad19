using System.Text.Json.Nodes;
using WgHub.Cli.Remote;
using WgHub.Features.Routes;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Cli.Apply;

/// <summary>What a hub is to have, as a file says it. A list that the file does not have is nobody's business: null.</summary>
internal sealed class NetworkFile
{
    private static readonly Field Name = new("name", "");
    private static readonly Field State = new("state", "");
    private static readonly Field Routes = new("routes", "", FieldKind.Routes);
    private static readonly Field From = new("from", "");
    private static readonly Field To = new("to", "");
    private static readonly Field Protocol = new("protocol", "");

    private static readonly Field[] OfGroup = [Name, Routes, State];
    private static readonly Field[] OfNetwork = [Name, new("cidr", ""), new("via", ""), new("standby", ""), new("masquerade", "", FieldKind.Flag), State];
    private static readonly Field[] OfRule = [From, To, Protocol, new("ports", ""), new("enabled", "", FieldKind.Flag), new("note", ""), State];
    private static readonly Field[] OfTest = [From, To, Protocol, new("port", "", FieldKind.Number), new("expect", ""), State];

    private static readonly Field[] OfSpoke =
    [
        Name, new("publicKey", ""), new("os", ""), new("group", ""), new("owner", ""), new("tags", "", FieldKind.List), new("notes", ""), Routes,
        new("customIP", ""), new("addressV6", ""), new("expiresAt", ""), new("enabled", "", FieldKind.Flag), new("platform", ""),
        new("expiresInHours", "", FieldKind.Number), State,
    ];

    private readonly string _name;

    private NetworkFile(string name, YamlPart document)
    {
        _name = name;
        var lists = document switch
        {
            YamlMap map => map.Members,
            YamlScalar { Text: null } => [],
            _ => throw Wrong(document.Line, "a file is a map: groups, networks, rules, tests, spokes"),
        };
        foreach (var (key, line, value) in lists)
        {
            switch (key)
            {
                case "groups": Groups = Read(value, "group", OfGroup, wish => wish.Text("name")); break;
                case "networks": Networks = Read(value, "network", OfNetwork, wish => wish.Text("name")); break;
                case "rules": Rules = Read(value, "rule", OfRule, RuleKey.OfRule); break;
                case "tests": Tests = Read(value, "test", OfTest, RuleKey.OfTest); break;
                case "spokes": Spokes = Read(value, "spoke", OfSpoke, wish => wish.Text("name")); break;
                default: throw Wrong(line, $"there is no '{key}'. There are groups, networks, rules, tests, spokes");
            }
        }
    }

    public IReadOnlyList<Wish>? Groups { get; }

    public IReadOnlyList<Wish>? Networks { get; }

    public IReadOnlyList<Wish>? Rules { get; }

    public IReadOnlyList<Wish>? Tests { get; }

    public IReadOnlyList<Wish>? Spokes { get; }

    /// <param name="name">What sentences call the file.</param>
    /// <exception cref="UsageException">It says what no file may say; with the line.</exception>
    public static NetworkFile Read(string name, string text) => new(name, new YamlReader(name).Read(text));

    /// <exception cref="UsageException">A sentence with the line of the file.</exception>
    public UsageException Wrong(int line, string what) => new($"{_name}:{line}: {what}.");

    /// <summary>A list whose order means nothing, in the one that everybody writes it in.</summary>
    public static JsonArray InOrder(IEnumerable<string> words) => [.. words.Order(StringComparer.Ordinal).Select(word => JsonValue.Create(word))];

    private List<Wish> Read(YamlPart part, string kind, Field[] fields, Func<Wish, string?> nameOf)
    {
        IReadOnlyList<YamlPart> items = part switch
        {
            YamlList list => list.Items,
            YamlScalar { Text: null } => [],
            _ => throw Wrong(part.Line, $"a list of {kind}s is wanted here, each with a dash"),
        };
        var wishes = new List<Wish>();
        var names = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items)
        {
            var wish = ReadOne(item as YamlMap ?? throw Wrong(item.Line, $"a {kind} is a map, such as {{{fields[0].Member}: …}}"), kind, fields);
            wish = wish with { Name = nameOf(wish) is { Length: > 0 } name ? name : throw Wrong(item.Line, $"a {kind} needs its '{fields[0].Member}'") };
            if (!names.TryAdd(wish.Name, wish.Line))
            {
                throw Wrong(wish.Line, $"{kind} '{wish.Name}' stands in line {names[wish.Name]} already");
            }

            wishes.Add(wish);
        }

        return wishes;
    }

    private Wish ReadOne(YamlMap map, string kind, Field[] fields)
    {
        var read = new JsonObject();
        foreach (var (key, line, value) in map.Members)
        {
            var field = fields.FirstOrDefault(field => field.Member == key)
                ?? throw Wrong(line, $"a {kind} has no '{key}'. There are {string.Join(", ", fields.Select(field => field.Member))}");
            read[key] = ValueOf(field, value);
        }

        var isAbsent = read["state"]?.ToString() switch
        {
            null or "present" => false,
            "absent" => true,
            var other => throw Wrong(map.Line, $"state is '{other}': it is present or absent"),
        };
        read.Remove("state");
        return new("", map.Line, read, isAbsent);
    }

    /// <summary>In the one spelling that the hub has for it: what is the same is seen as the same.</summary>
    private JsonNode? ValueOf(Field field, YamlPart value)
    {
        if (value is YamlMap || (value is YamlList && field.Kind is not (FieldKind.List or FieldKind.Routes)))
        {
            throw Wrong(value.Line, $"'{field.Member}' takes one value");
        }

        if (value is YamlScalar { Text: null })
        {
            return null;
        }

        var text = value is YamlList list ? string.Join(',', list.Items.Select(TextOf)) : TextOf(value);
        try
        {
            return field switch
            {
                { Member: "routes" } => RoutesOf(text, value.Line),
                { Member: "cidr" } => Cidr.TryParse(text, out var network)
                    ? network.ToString()
                    : throw Wrong(value.Line, $"'{text}' is no network such as 10.20.0.0/16"),
                { Member: "ports" } => PortRange.TryParse(text, out var ports)
                    ? PortRange.ToText(ports)
                    : throw Wrong(value.Line, $"'{text}': {PortRange.Rule.TrimEnd('.')}"),
                { Kind: FieldKind.List } => InOrder(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
                _ => field.Read(text),
            };
        }
        catch (UsageException exception) when (!exception.Message.StartsWith(_name, StringComparison.Ordinal))
        {
            throw Wrong(value.Line, exception.Message.TrimStart('-').TrimEnd('.'));
        }
    }

    private string TextOf(YamlPart part) => (part as YamlScalar)?.Text ?? throw Wrong(part.Line, "a text is wanted here");

    private JsonNode RoutesOf(string text, int line) =>
        !SpokeRoutes.TryParse(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), out var routes, out var problem)
            ? throw Wrong(line, problem.TrimEnd('.'))
            : routes.IsList ? new JsonArray([.. routes.Networks.Select(one => JsonValue.Create(one))]) : routes.Text;
}
