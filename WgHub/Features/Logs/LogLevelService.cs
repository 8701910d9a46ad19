using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Logs;

/// <summary>Changes what the log tells, never for longer than a day, and remembers who did.</summary>
internal sealed class LogLevelService(LogLevels levels, Database database, IOptions<LogOptions> options, TimeProvider time)
{
    public const int MostMinutes = 24 * 60;

    private const int MinutesUnlessTold = 15;

    private static readonly string[] Names = ["debug", "information", "warning", "error"];

    public LogLevelsDto Look() => new(
        options.Value.Level,
        [.. levels.All.Where(set => set.Until > time.GetUtcNow()).Select(set => new LogLevelDto(set.Category, NameOf(set.Level), set.Until))]);

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public async Task<LogLevelsDto> ChangeAsync(LogLevelWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var category = wish.Category ?? LogLevels.Everything;
        if (!LogLevels.IsCategory(category))
        {
            checks.Fail("category", "A part of the hub, such as WgHub.Features.Spokes; none for all of it. The framework's own stay as they are.");
        }

        var level = wish.Level is null ? LogLevel.None : LevelOf(wish.Level) ?? LogLevel.None;
        if (wish.Level is not null && level == LogLevel.None)
        {
            checks.Fail("level", $"One of {string.Join(", ", Names)}; null for what the settings say.");
        }

        var minutes = checks.Range("minutes", wish.Minutes, 1, MostMinutes, MinutesUnlessTold);
        if (wish.Level is not null && !levels.HasRoomFor(category))
        {
            checks.Fail("category", $"There are {LogLevels.Most} already: take one back.");
        }

        checks.ThrowIfAny();
        var until = time.GetUtcNow().AddMinutes(minutes);
        await database.WriteAsync(
            actor,
            tx => tx.Audit(
                AuditEvents.LogLevelChanged, Subject.None, ("part", category), ("level", wish.Level ?? "as the settings say"),
                ("until", wish.Level is null ? null : UtcText.Of(until))),
            cancellationToken);
        if (wish.Level is null)
        {
            levels.Remove(category);
        }
        else
        {
            levels.Set(new(category, level, until));
        }

        return Look();
    }

    private static LogLevel? LevelOf(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? LogLevel.Debug + at : null;

    private static string NameOf(LogLevel level) => Names[level - LogLevel.Debug];
}
