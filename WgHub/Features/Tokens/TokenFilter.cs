using System.Globalization;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Which part of the list the page shows: the query of its address. By itself, what waits for its machine.</summary>
internal sealed record TokenFilter
{
    public static readonly TokenFilter Plain = new();

    private const int PageSize = 50;
    private const string Path = "/tokens";

    /// <summary>Part of the name, address, group or owner, case-blind; or the whole id.</summary>
    public string? Q { get; init; }

    public TokenChoice? State { get; init; }

    /// <summary>From 1; null for 1.</summary>
    public int? Page { get; init; }

    public TokenChoice Choice => State ?? TokenChoice.Open;

    public Paging Paging => Paging.Near(Page, PageSize);

    /// <summary>True when it is not what the page shows by itself.</summary>
    public bool IsChosen => Choice != TokenChoice.Open || !string.IsNullOrWhiteSpace(Q);

    /// <summary>The token itself, whatever became of it.</summary>
    public static string HrefOf(string id) => (Plain with { Q = id, State = TokenChoice.All }).Href();

    /// <summary>The address of this part of the list, with what differs from the plain list alone.</summary>
    /// <param name="more">Further parts of the query.</param>
    public string Href(params IEnumerable<(string Name, string? Value)> more) => ListAddress.Of(
        Path,
        [
            .. more,
            ("q", Q),
            ("state", Choice == TokenChoice.Open ? null : Choice.ToString()),
            ("page", Paging.Page == 1 ? null : Paging.Page.ToString(CultureInfo.InvariantCulture)),
        ]);

    /// <summary>As a condition on <c>installation_tokens</c>; <see cref="AnyToken.StateAt"/> says the same of one.</summary>
    public SqlPart And(SqlPart where, DateTimeOffset now)
    {
        where = Choice switch
        {
            TokenChoice.Open => where.And($"revoked_at is null and used_at is null and expires_at > {now}"),
            TokenChoice.Used => where.And($"revoked_at is null and used_at is not null"),
            TokenChoice.Expired => where.And($"revoked_at is null and used_at is null and expires_at <= {now}"),
            TokenChoice.Revoked => where.And($"revoked_at is not null"),
            _ => where,
        };
        if (Q?.Trim() is not { Length: > 0 } search)
        {
            return where;
        }

        var part = Leases.SpokeName.KeyOf(search);
        return where.And(
            $"""
            {Sql.Contains("lower(spoke_name)", part)} or {Sql.Contains("address", part)} or {Sql.Contains("lower(group_name)", part)}
            or {Sql.Contains("lower(owner)", part)} or {Sql.Contains("owner", search)} or id = {part}
            """);
    }
}

internal enum TokenChoice
{
    Open,
    Used,
    Expired,
    Revoked,
    All,
}
