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
}

[OptionsValidator]
internal sealed partial class LogOptionsValidator : IValidateOptions<LogOptions>;
