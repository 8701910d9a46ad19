using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.History;

/// <summary>Settings under <c>History</c>.</summary>
internal sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>False: nothing is noted any more. What was noted goes with its time.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long the minutes are kept.</summary>
    [Range(2, 168)]
    public int MinutesForHours { get; set; } = 48;

    /// <summary>How long the hours are kept.</summary>
    [Range(2, 800)]
    public int HoursForDays { get; set; } = 400;

    public TimeSpan KeepOf(HistoryStep step) => step == HistoryStep.Minutes ? TimeSpan.FromHours(MinutesForHours) : TimeSpan.FromDays(HoursForDays);
}

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
