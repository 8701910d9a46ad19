namespace WgHub.Features.Scripts;

/// <summary>Writes a text as one word of PowerShell: in single quotes, where nothing means anything but the quote itself.</summary>
internal static class PsQuoting
{
    /// <exception cref="FormatException">
    /// A control character, or one beyond ASCII: Windows PowerShell 5.1 would read it in the code page of the machine, and PowerShell
    /// takes four typographic quotes (U+2018 to U+201B) for single quotes.
    /// </exception>
    public static string Quote(string text) =>
        text.Any(c => c is < ' ' or > '~')
            ? throw new FormatException("A character that is not printable ASCII in a script value.")
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
