namespace WgHub.Web;

/// <summary>One page of a list.</summary>
/// <param name="Total">Number of rows on all pages.</param>
/// <param name="Paging">Which page it is.</param>
internal sealed record Part<T>(IReadOnlyList<T> Rows, long Total, Paging Paging)
{
    public static readonly Part<T> None = new([], 0, new(1, 1));

    /// <summary>Which row of all the first one is, from 1.</summary>
    public long First => Paging.Offset + 1;

    public long Last => Paging.Offset + Rows.Count;

    public bool HasMore => (long)Paging.Page * Paging.PageSize < Total;

    public Part<TOther> Select<TOther>(Func<T, TOther> change) => new([.. Rows.Select(change)], Total, Paging);

    /// <summary>The links to the pages beside it.</summary>
    /// <param name="href">The address of a page, from 1.</param>
    public Pager Links(Func<int, string> href) =>
        new(Paging.Page > 1 ? href(Paging.Page - 1) : null, HasMore ? href(Paging.Page + 1) : null);
}

/// <summary>The addresses of the pages before and after the one that is shown; null for none. <c>_Pager</c> shows it.</summary>
internal sealed record Pager(string? Before, string? After)
{
    public bool IsNeeded => Before is not null || After is not null;

    public (string Before, string After) Words { get; init; } = ("Previous", "Next");

    /// <summary>Of a list that begins with the newest.</summary>
    public Pager ByTime => this with { Words = ("Newer", "Older") };
}
