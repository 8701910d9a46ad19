namespace WgHub.Cli.Apply;

/// <summary>A piece of a YAML file, with the line that it begins in, from 1.</summary>
internal abstract record YamlPart(int Line);

/// <param name="Text">Null for nothing: an empty value, <c>~</c>, <c>null</c>.</param>
internal sealed record YamlScalar(int Line, string? Text) : YamlPart(Line);

internal sealed record YamlList(int Line, IReadOnlyList<YamlPart> Items) : YamlPart(Line);

internal sealed record YamlMap(int Line, IReadOnlyList<(string Key, int Line, YamlPart Value)> Members) : YamlPart(Line);
