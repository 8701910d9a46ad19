using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using WgHub.TestKit;

namespace WgHub.Features.Audit;

/// <summary>The catalogue of events, and what readers are told of it.</summary>
public sealed partial class AuditEventTests
{
    [Fact]
    public void The_list_has_every_event_once() =>
        Assert.Equal(
            typeof(AuditEvents)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => field.GetValue(null))
                .OfType<AuditEvent>()
                .Select(known => known.Name)
                .Order(StringComparer.Ordinal),
            AuditEvents.All.Select(known => known.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_documentation_tells_each_with_its_level_and_sentence() =>
        Assert.Equal(
            AuditEvents.All.Select(
                known => $"| `{known.Name}` | {(known.Level == LogLevel.Warning ? "warning" : "information")} | {known.Of.Word} | {known.Sentence} |"),
            File.ReadLines(Repository.PathOf("docs/events.md")).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

    [Fact]
    public void Each_has_a_sentence_and_a_kind_of_thing_that_it_happens_to() =>
        Assert.All(AuditEvents.All, known =>
        {
            Assert.EndsWith(".", known.Sentence, StringComparison.Ordinal);
            Assert.NotEqual(SubjectKind.Unknown, known.Of);
        });

    [Fact]
    public void No_room_remembers_what_is_not_in_the_catalogue() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Repository.PathOf("WgHub"), "*.cs", SearchOption.AllDirectories), file => NewEvent().IsMatch(File.ReadAllText(file)));

    /// <summary>One that is made on the spot.</summary>
    [GeneratedRegex(@"new AuditEvent\(|\.Audit\(\s*(new\(|"")")]
    private static partial Regex NewEvent();
}
