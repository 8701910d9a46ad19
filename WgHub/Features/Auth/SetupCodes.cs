using System.Security.Cryptography;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>The one-time code that opens the first set-up while there is no administrator: whoever can run <c>wghub setup-code</c> on the machine owns the hub anyway.</summary>
internal sealed class SetupCodes(Database database, UserStore users, TimeProvider time)
{
    /// <summary>Crockford's base32: nothing in it looks like something else.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Length = 20;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(60);

    /// <summary>Makes a code. One that was told before stays good for its hour: the log of a restart must not spoil the one just read.</summary>
    /// <returns>Four groups of five; null when there is an administrator.</returns>
    public Task<string?> NewAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                if (users.HasAdministrator(db))
                {
                    return null;
                }

                var code = RandomNumberGenerator.GetString(Alphabet, Length);
                db.Execute($"delete from setup_codes where expires_at <= {time.GetUtcNow().ToUnixTimeMilliseconds()}");
                db.Execute($"insert into setup_codes (code_hash, expires_at) values ({Hashes.Of(code)}, {(time.GetUtcNow() + Life).ToUnixTimeMilliseconds()})");
                return string.Join('-', code.Chunk(5).Select(group => new string(group)));
            },
            cancellationToken);

    /// <summary>Takes a code in any spelling: small letters, with or without hyphens, O for 0 and I or L for 1.</summary>
    public bool IsValid(string? code)
    {
        var plain = new string([.. (code ?? "").ToUpperInvariant().Where(c => c is not '-' and not ' ').Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
        return plain.Length == Length && database.Read(db => db.Count(
            $"select count(*) from setup_codes where code_hash = {Hashes.Of(plain)} and expires_at > {time.GetUtcNow().ToUnixTimeMilliseconds()}")) > 0;
    }

    /// <summary>Closes the set-up, inside the caller's transaction.</summary>
    public static void Close(Microsoft.Data.Sqlite.SqliteConnection db) => db.Execute($"delete from setup_codes");
}
