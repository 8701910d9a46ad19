using System.Reflection;
using System.Text.RegularExpressions;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>Who names another type's constant. The compiler copies its value, so only the source tells.</summary>
internal static partial class Constants
{
    private static readonly Lazy<IReadOnlyList<(SourceFile User, Type Used)>> Read = new(() =>
    {
        var constants = typeof(AppException).Assembly.GetTypes().Where(type => !type.IsNested && !type.IsEnum && Rooms.Of(type) is not null)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.IsLiteral && !field.IsPrivate)
            .ToLookup(field => $"{field.DeclaringType!.Name}.{field.Name}", field => field.DeclaringType!);
        return [.. Sources.OfTheHub(".cs", ".cshtml")
            .SelectMany(file => Name().Matches(file.Text).SelectMany(name => constants[name.Value]), (file, type) => (file, type))
            .Distinct()];
    });

    public static IReadOnlyList<(SourceFile User, Type Used)> OfTheHub => Read.Value;

    [GeneratedRegex(@"\b[A-Z]\w+\.[A-Z]\w+\b")]
    private static partial Regex Name();
}
