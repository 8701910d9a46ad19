using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace WgHub.Hosting;

/// <summary>What the log tells of a part of the hub, for a time, in place of what the settings say.</summary>
/// <param name="Category">A namespace of ours, or a class in it; all that lies below it too.</param>
internal sealed record LogLevelSet(string Category, LogLevel Level, DateTimeOffset Until);

/// <summary>
/// Levels that are changed while the hub runs. The framework's own filters follow. Only our own categories: what the framework tells at the
/// lowest levels holds the paths of requests, with tokens in them.
/// </summary>
internal sealed partial class LogLevels : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    /// <summary>All of the hub.</summary>
    public const string Everything = "WgHub";

    public const int Most = 20;

    private const string Kept = $"{Everything}.Features.Audit.AuditTelling";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogLevelSet> _sets = new(StringComparer.Ordinal);
    private ConfigurationReloadToken _changed = new();

    public string? Name => Options.DefaultName;

    /// <summary>Those that hold, by category.</summary>
    public IReadOnlyList<LogLevelSet> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _sets.Values.OrderBy(set => set.Category, StringComparer.Ordinal)];
            }
        }
    }

    public static bool IsCategory(string text) => OwnCategory().IsMatch(text);

    /// <summary>False when there are too many.</summary>
    public bool HasRoomFor(string category) => All is var all && (all.Count < Most || all.Any(set => set.Category == category));

    public void Set(LogLevelSet set)
    {
        lock (_lock)
        {
            _sets[set.Category] = set;
        }

        Change();
    }

    public void Remove(string category)
    {
        lock (_lock)
        {
            _sets.Remove(category);
        }

        Change();
    }

    /// <summary>Takes back those whose time is over.</summary>
    public IReadOnlyList<LogLevelSet> Expire(DateTimeOffset now)
    {
        var over = All.Where(set => set.Until <= now).ToList();
        over.ForEach(set => Remove(set.Category));
        return over;
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    public void Configure(LoggerFilterOptions options)
    {
        var least = options.MinLevel;
        foreach (var set in All)
        {
            options.AddFilter(set.Category, set.Level);
            least = set.Level < least ? set.Level : least;
        }

        // Whoever keeps the log elsewhere holds the audit log against it: nobody turns that down.
        options.AddFilter(Kept, least);
    }

    private void Change() => Interlocked.Exchange(ref _changed, new()).OnReload();

    [GeneratedRegex(@"\AWgHub(\.[A-Za-z][A-Za-z0-9]{0,63}){0,8}\z")]
    private static partial Regex OwnCategory();
}
