namespace WgHub.Features.Scripts;

/// <summary>Writes any text as one word of POSIX sh: in single quotes, where nothing means anything but the single quote itself.</summary>
internal static class ShQuoting
{
    /// <exception cref="FormatException">A control character: no value of ours has one, and a line break would end a comment.</exception>
    public static string Quote(string text) => text.Any(char.IsControl)
        ? throw new FormatException("A control character in a script value.")
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
