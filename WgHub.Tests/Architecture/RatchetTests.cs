using System.Reflection;
using System.Runtime.CompilerServices;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>What keeps the code readable, in figures that may only get better.</summary>
public sealed class RatchetTests
{
    private const int Columns = 160;
    private const int Lines = 250;
    private const int Collaborators = 8;
    private const int Positions = 8;

    private static readonly string[] Code = [".cs", ".cshtml", ".css", ".js", ".mjs", ".ps1", ".sh"];

    [Fact]
    public void A_line_fits_the_screen() =>
        Ratchet.Holds("wide-lines", Sources.OfAll(Code).Select(file =>
        {
            var wide = file.Text.Split('\n').Index().Where(line => line.Item.Length > Columns).Select(line => line.Index + 1).ToList();
            return new Offence(file.Path, wide.Count, $"lines {string.Join(' ', wide)}");
        }));

    [Fact]
    public void A_file_is_read_in_one_go() =>
        Ratchet.Holds("long-files", Sources.OfAll(Code)
            .Select(file => new Offence(file.Path, file.Text.Count(c => c == '\n')))
            .Where(file => file.Figure > Lines));

    [Fact]
    public void A_class_has_few_collaborators() =>
        Ratchet.Holds("collaborators", Types
            .Where(type => type.IsClass && !IsRecord(type))
            .Select(type => new Offence(type.FullName!, LongestConstructor(type)))
            .Where(type => type.Figure > Collaborators));

    [Fact]
    public void A_record_of_many_members_names_them() =>
        Ratchet.Holds("positions", Types
            .Where(IsRecord)
            .Select(type => new Offence(type.FullName!, LongestConstructor(type)))
            .Where(type => type.Figure > Positions));

    private static IEnumerable<Type> Types => typeof(AppException).Assembly.GetTypes()
        .Where(type => Rooms.Of(type) is not null && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    /// <summary>What the compiler gives to every record, of either kind.</summary>
    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static int LongestConstructor(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(constructor => constructor.GetParameters().Length).DefaultIfEmpty().Max();
}
