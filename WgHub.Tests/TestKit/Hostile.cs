namespace WgHub.TestKit;

/// <summary>Texts that somebody sends who means harm, or has slipped.</summary>
internal static class Hostile
{
    /// <summary>Not fit for any field that ends in a conf file, a script or a file name.</summary>
    public static readonly IReadOnlyList<string> Texts =
    [
        "a'b", "a\"b", "a`id`b", "$(id)", "${HOME}", "a;id", "a|id", "a&id", "a>b", "a\\b", "../a", "-a", "a b",
        "a\nPostUp=id", "a\r\nPostUp=id", "a\0b", "a\u001bb", "a\u007fb", "\u202ea", "a\u2028b", "аdmin", "ｅxample", "a\u0301", "٤2", "１２", "𝟏𝟐", "a,b", "a#b", "{{token}}", "<b>a</b>", "%0aPostUp",
    ];

    /// <summary>Longer than any field may be.</summary>
    public static readonly string Long = new('a', 3000);
}
