namespace WgHub.Features.Names;

/// <summary>How the last writing of the names went; what pages show.</summary>
internal sealed class NamesState
{
    /// <summary>Names of spokes that are no host names.</summary>
    public IReadOnlyList<string> Nameless { get; private set; } = [];

    /// <summary>Why the file could not be written; null when it lies there as it should.</summary>
    public string? Failure { get; private set; }

    public void Set(IReadOnlyList<string> nameless, string? failure) => (Nameless, Failure) = (nameless, failure);
}
