using WgHub.Storage;

namespace WgHub.Web;

/// <summary>How a server is started.</summary>
/// <param name="SettingsFile">May be missing.</param>
/// <param name="Urls">Where to listen.</param>
internal sealed record ServerStart(DataDirectory Data, string SettingsFile, IReadOnlyList<string> Urls)
{
    /// <summary>The clock; another one where a test turns it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True: plain HTTP is served to everybody, for labs.</summary>
    public bool IsInsecureHttpAllowed { get; init; }

    /// <summary>What the log is told, in place of <c>Log:Level</c>: tests want to hear of trouble alone.</summary>
    public LogLevel? LogLevel { get; init; }
}
