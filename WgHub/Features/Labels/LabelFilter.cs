using WgHub.Storage;

namespace WgHub.Features.Labels;

/// <summary>Which labels a spoke must have; null or empty means any.</summary>
/// <param name="Tag">One of its tags.</param>
internal sealed record LabelFilter(string? Group, string? Tag, string? Owner)
{
    public static readonly LabelFilter Any = new(null, null, null);

    /// <param name="where">What must be true besides.</param>
    public SqlPart And(SqlPart where)
    {
        if (Group is { Length: > 0 })
        {
            where = where.And($"group_name = {Group}");
        }

        if (Tag is { Length: > 0 })
        {
            where = where.And($"{Sql.Contains("tags", $",{Tag},")}");
        }

        if (Owner is { Length: > 0 })
        {
            where = where.And($"owner = {Owner}");
        }

        return where;
    }
}
