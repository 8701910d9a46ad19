namespace WgHub.Web;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">1 to 500.</param>
internal readonly record struct Paging(int Page, int PageSize)
{
    private const int LastPage = 1_000_000;

    public int Offset => (Page - 1) * PageSize;

    /// <exception cref="AppException">VALIDATION_FAILED when a number is out of range.</exception>
    public static Paging From(int page, int pageSize)
    {
        var checks = new FieldChecks();
        checks.Range("page", page, 1, LastPage, 1);
        checks.Range("pageSize", pageSize, 1, 500, 50);
        checks.ThrowIfAny();
        return new(page, pageSize);
    }

    /// <summary>The nearest page that there can be, for an address that a person may have typed.</summary>
    public static Paging Near(int? page, int pageSize) => new(Math.Clamp(page ?? 1, 1, LastPage), pageSize);
}
