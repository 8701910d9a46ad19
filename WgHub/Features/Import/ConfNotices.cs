namespace WgHub.Features.Import;

/// <summary>What a file of wg-quick does besides WireGuard, and what becomes of it.</summary>
internal static class ConfNotices
{
    private const int LongestValue = 300;
    private const int MostOfAKind = 20;

    private const string Hook =
        "WgHub runs no commands. What it did stays until the next start of the machine; put it into a unit of its own, or into nftables.";

    private static readonly IReadOnlyList<(string Key, string Told)> NotTakenOver =
    [
        ("PreUp", Hook),
        ("PostUp", Hook),
        ("PreDown", "WgHub runs no commands."),
        ("PostDown", "WgHub runs no commands."),
        ("Table", "WgHub routes networks behind spokes in the machine's main table."),
        ("FwMark", "It stays until the next start of the machine."),
        ("DNS", "It was this machine's own. What spokes ask is a setting of the hub."),
        ("SaveConfig", "WgHub writes the file itself."),
    ];

    /// <summary>True for a command, which may hold commas.</summary>
    public static bool IsHook(string key) => key.EndsWith("Up", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Down", StringComparison.OrdinalIgnoreCase);

    /// <param name="values">The values of a setting.</param>
    public static IEnumerable<string> Of(Func<string, IReadOnlyList<string>> values) =>
        NotTakenOver.SelectMany(setting => values(setting.Key).Take(MostOfAKind).Select(value => Sentence(setting.Key, value, setting.Told)));

    private static string Sentence(string key, string value, string told) =>
        $"{key} = {(value.Length > LongestValue ? value[..LongestValue] + "…" : value)} is not taken over. {told}";
}
