namespace WgHub.Features.Policy;

internal enum PartyKind
{
    Anybody,
    Group,
    Spoke,
    Network,
    Internet,
    Hub,
}

/// <summary>One end of a rule: who starts, or what is reached.</summary>
/// <param name="Id">Of a spoke or network; the name of a group; empty for the others.</param>
/// <param name="Name">What people call it; empty for those that are one of their kind.</param>
internal sealed record Party(PartyKind Kind, string Id, string Name)
{
    public const string Rule = "One of anybody, internet, hub, group:NAME, spoke:NAME, network:NAME.";

    public static readonly Party Anybody = new(PartyKind.Anybody, "", "");
    public static readonly Party Internet = new(PartyKind.Internet, "", "");
    public static readonly Party Hub = new(PartyKind.Hub, "", "");

    private static readonly Dictionary<string, PartyKind> Kinds = Enum.GetValues<PartyKind>().ToDictionary(Word);

    /// <summary>The word of a kind, in the API and in the table.</summary>
    public static string Word(PartyKind kind) => kind switch
    {
        PartyKind.Anybody => "anybody",
        PartyKind.Group => "group",
        PartyKind.Spoke => "spoke",
        PartyKind.Network => "network",
        PartyKind.Internet => "internet",
        _ => "hub",
    };

    public static PartyKind KindOf(string word) => Kinds[word];

    /// <summary>Reads the API's form as far as its shape; whether there is one of that name is another question.</summary>
    public static bool TryParse(string? text, out PartyKind kind, out string name)
    {
        var parts = (text ?? "").Split(':', 2, StringSplitOptions.TrimEntries);
        name = parts.Length > 1 ? parts[1] : "";
        return Kinds.TryGetValue(parts[0], out kind)
            && parts.Length == (kind is PartyKind.Group or PartyKind.Spoke or PartyKind.Network ? 2 : 1)
            && (parts.Length == 1 || name.Length is > 0 and <= 100);
    }

    /// <summary>The API's form.</summary>
    public override string ToString() => Name.Length == 0 ? Word(Kind) : $"{Word(Kind)}:{Name}";
}
