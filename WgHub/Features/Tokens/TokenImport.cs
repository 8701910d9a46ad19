using System.Diagnostics.CodeAnalysis;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>What became, or would become, of one row.</summary>
/// <param name="Token">Null for one with problems.</param>
/// <param name="Secret">Null unless it was made.</param>
/// <param name="Problems">By field; the empty name for the row as a whole.</param>
internal sealed record ImportedRow(FileRow Row, Token? Token, TokenSecret? Secret, IReadOnlyDictionary<string, string> Problems);

/// <summary>Makes many tokens in one transaction: all, or none.</summary>
internal sealed class TokenImport(Database database, TokenService service)
{
    public const int MostRows = 1_000;

    /// <summary>
    /// A trial makes everything as a real import would, and then undoes it: so it finds what only the database knows, such as a name that is
    /// taken.
    /// </summary>
    /// <returns>One for each row. When any has problems, or for a trial, nothing was made.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED for none or too many, HUB_NOT_INITIALIZED.</exception>
    public async Task<IReadOnlyList<ImportedRow>> RunAsync(IReadOnlyList<FileRow> rows, bool isTrial, Actor actor, CancellationToken cancellationToken)
    {
        if (rows.Count is 0 or > MostRows)
        {
            throw WebErrors.Invalid("tokens", $"1 to {MostRows:N0} tokens at once; here are {rows.Count:N0}.");
        }

        var wishes = Read(rows);
        try
        {
            return await database.WriteAsync(
                actor,
                tx =>
                {
                    // Whoever names an address comes first: none of these is to get it by chance.
                    var made = new ImportedRow[wishes.Count];
                    foreach (var (place, wish) in wishes.Index().OrderByDescending(one => one.Item.NamesAddress))
                    {
                        made[place] = wish.Problems.Count > 0 ? wish.ToRow() : Create(tx, wish);
                    }

                    if (isTrial || Array.Exists(made, row => row.Problems.Count > 0))
                    {
                        throw new Undone([.. made.Select(row => row with { Secret = null })]);
                    }

                    tx.Audit(AuditEvents.TokensImported, Subject.None, ("count", $"{made.Length}"));
                    return (IReadOnlyList<ImportedRow>)made;
                },
                cancellationToken);
        }
        catch (Undone undone)
        {
            return undone.Rows;
        }
    }

    /// <summary>What the rows themselves tell, before anybody waits for the database.</summary>
    private static List<ReadRow> Read(IReadOnlyList<FileRow> rows)
    {
        Dictionary<string, int> names = [];
        Dictionary<string, int> addresses = [];
        return [.. rows.Select(row =>
        {
            try
            {
                var wish = row.Problem is { } problem ? throw WebErrors.Invalid("", problem) : TokenWish.From(row.Wish);
                var (four, six) = (wish.Addresses.Address is { } number ? Ipv4Network.ToText(number) : null, wish.Addresses.Address6?.ToString());
                return Twice(names, wish.Name.Key, row, "spokeName", $"The name '{wish.Name}'")
                    ?? Twice(addresses, four, row, "customIP", $"The address {four}")
                    ?? Twice(addresses, six, row, "addressV6", $"The address {six}")
                    ?? new(row, wish, new());
            }
            catch (AppException refusal)
            {
                // Its name is its own all the same: whoever mends this row need not learn of the next one then.
                Twice(names, SpokeName.TryParse(row.Wish.SpokeName?.Trim(' '), out var name) ? name.Key : null, row, "", "");
                return new(row, null, ProblemsOf(refusal));
            }
        })];
    }

    /// <param name="key">What no other row may have; null for nothing.</param>
    /// <returns>Null when this row is the first that has it.</returns>
    private static ReadRow? Twice(Dictionary<string, int> seen, string? key, FileRow row, string field, string what) =>
        key is null || seen.TryAdd(key, row.Line)
            ? null
            : new(row, null, new() { [field] = $"{what} stands in this list already, in row {seen[key]}." });

    private ImportedRow Create(Tx tx, ReadRow read)
    {
        try
        {
            var (token, secret) = service.Create(tx, read.Wish!);
            return new(read.Row, token, secret, read.Problems);
        }
        catch (AppException refusal) when (refusal.Code != "HUB_NOT_INITIALIZED")
        {
            return new(read.Row, null, null, ProblemsOf(refusal));
        }
    }

    private static Dictionary<string, string> ProblemsOf(AppException refusal) =>
        refusal.Errors.Count > 0 ? refusal.Errors.ToDictionary(error => error.Key, error => error.Value[0]) : new() { [""] = refusal.Message };

    /// <param name="Wish">Null for one with problems.</param>
    private sealed record ReadRow(FileRow Row, TokenWish? Wish, Dictionary<string, string> Problems)
    {
        public bool NamesAddress => Wish?.Addresses is { Address: not null } or { Address6: not null };

        public ImportedRow ToRow() => new(Row, null, null, Problems);
    }

    /// <summary>Ends the transaction without a trace, and carries out what was found.</summary>
    [SuppressMessage("Design", "CA1032", Justification = "Nobody else throws or catches it.")]
    [SuppressMessage("Design", "CA1064", Justification = "Nobody else throws or catches it.")]
    private sealed class Undone(IReadOnlyList<ImportedRow> rows) : Exception
    {
        public IReadOnlyList<ImportedRow> Rows { get; } = rows;
    }
}
