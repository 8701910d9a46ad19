using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Hosting;

/// <summary>Settings under <c>Log</c>.</summary>
internal sealed class LogOptions
{
    public const string Section = "Log";

    /// <summary><c>text</c> for people, <c>json</c> for a collector: one object a line.</summary>
    [AllowedValues("text", "json")]
    public string Format { get; set; } = "text";

    /// <summary>The least that is told.</summary>
    [AllowedValues("debug", "information", "warning", "error")]
    public string Level { get; set; } = "information";

    /// <summary>
    /// Where the log is kept besides the console: <c>hub.log</c> becomes <c>hub20261128.log</c>, one a day, in the data directory when no other
    /// is named. Empty for nowhere.
    /// </summary>
    public string File { get; set; } = "";

    /// <summary>How many files are kept, the one that is written to included.</summary>
    [Range(1, 3650)]
    public int RetainedFiles { get; set; } = 14;

    public bool IsJson => Format == "json";

    /// <exception cref="OptionsValidationException">A setting out of range.</exception>
    public static LogOptions From(IConfiguration configuration)
    {
        var options = new LogOptions();
        SettingValues.Check<LogOptions>(configuration.GetSection(Section));
        configuration.GetSection(Section).Bind(options);
        var checkedOptions = new LogOptionsValidator().Validate(null, options);
        return checkedOptions.Failed ? throw new OptionsValidationException(Section, typeof(LogOptions), checkedOptions.Failures) : options;
    }
}

internal static class LogSettings
{
    public static void AddLogSettings(this IServiceCollection services) =>
        services.AddRoomOptions<LogOptions, LogOptionsValidator>(LogOptions.Section, static (section, options) => section.Bind(options));
}

[OptionsValidator]
internal sealed partial class LogOptionsValidator : IValidateOptions<LogOptions>;
