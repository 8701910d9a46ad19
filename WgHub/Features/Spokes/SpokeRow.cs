namespace WgHub.Features.Spokes;

/// <summary>A spoke as the pages show it at one moment.</summary>
/// <param name="MayChange">Whether who looks may change it.</param>
/// <param name="Filter">The list that it stands in, so that a change without script leads back there.</param>
internal sealed record SpokeRow(Spoke Spoke, DateTimeOffset Now, bool MayChange, SpokeFilter Filter)
{
    public SpokeStatus Status => Spoke.StatusAt(Now);

    public bool IsExpiring => Spoke.IsExpiringAt(Now);

    /// <summary>Group and owner; empty for neither.</summary>
    public string Whose => string.Join(" · ", new[] { Spoke.Labels.Group, Spoke.Labels.Owner }.Where(label => !string.IsNullOrEmpty(label)));

    /// <summary>The address without its port; null for never.</summary>
    public string? SeenFrom =>
        Spoke.Endpoint is { } endpoint && endpoint.LastIndexOf(':') is var port and > 0 ? endpoint[..port].Trim('[', ']') : Spoke.Endpoint;

    public bool HasLabels => Whose.Length > 0 || Spoke.Labels.Tags.Words.Count > 0;
}
