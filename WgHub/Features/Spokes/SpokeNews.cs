using Microsoft.AspNetCore.Mvc;
using WgHub.Features.Leases;

namespace WgHub.Features.Spokes;

/// <summary>What was done just now, in the address of the list that follows: so it is told without a cookie, and gone with the next click.</summary>
internal sealed record SpokeNews
{
    /// <summary>A word of ours; what else stands there says nothing.</summary>
    [FromQuery]
    public string? Did { get; init; }

    /// <summary>Of one spoke.</summary>
    [FromQuery]
    public string? Whose { get; init; }

    /// <summary>Of several.</summary>
    [FromQuery]
    public int? Many { get; init; }

    /// <summary>Null for nothing to tell.</summary>
    public string? Sentence => Verb is not { } verb ? null
        : SpokeName.TryParse(Whose, out var name) ? $"{name} was {verb}."
        : Many is 1 ? $"1 spoke was {verb}."
        : Many is { } many and >= 0 ? $"{many:N0} spokes were {verb}."
        : null;

    private string? Verb => Did is "enabled" or "changed" or "removed" ? Did : null;
}
