namespace WgHub.Features.Networks;

/// <summary>The list of barred networks as a text for people: one a line, what stands behind it is its note.</summary>
internal static class BarredLines
{
    public static string Of(IEnumerable<BarredNetwork> barred) => string.Join('\n', barred.Select(one => $"{one.Cidr} {one.Note}".TrimEnd()));

    public static BarredWish Read(string? text) => new(
        [.. (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries))
            .Select(words => new BarredDto(words[0], words.Length > 1 ? words[1] : ""))]);
}
