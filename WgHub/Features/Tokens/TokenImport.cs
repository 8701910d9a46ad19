using System.Diagnostics.CodeAnalysis;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

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
                    IReadOnlyList<ImportedRow> made = [.. wishes.Select(wish => wish.Problems.Count > 0 ? wish.ToRow() : Create(tx, wish))];
                    if (isTrial || made.Any(row => row.Problems.Count > 0))
                    {
                        throw new Undone([.. made.Select(row => row with { Secret = null })]);
                    }

                    tx.Audit(AuditEvents.TokensImported, Subject.None, ("count", $"{made.Count}"));
                    return made;
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
        Dictionary<uint, int> addresses = [];
        return [.. rows.Select(row =>
        {
            try
            {
                var wish = row.Problem is { } problem ? throw WebErrors.Invalid("", problem) : TokenWish.From(row.Wish);
                return !names.TryAdd(wish.Name.Key, row.Line) ? Twice("spokeName", $"The name '{wish.Name}'", names[wish.Name.Key])
                    : wish.Addresses.Address is { } address && !addresses.TryAdd(address, row.Line)
                        ? Twice("customIP", $"The address {row.Wish.CustomIP}", addresses[address])
                    : new(row, wish, new());
            }
            catch (AppException refusal)
            {
                return new(row, null, ProblemsOf(refusal));
            }

            ReadRow Twice(string field, string what, int first) => new(row, null, new() { [field] = $"{what} stands in this list already, in row {first}." });
        })];
    }

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
