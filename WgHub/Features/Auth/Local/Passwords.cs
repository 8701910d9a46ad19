using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>
/// Hashes passwords: PBKDF2 with HMAC-SHA-512, 210,000 rounds (OWASP's figure). Each check costs a third of a second of a core,
/// so few run at once, few wait, and the rest hear at once to come again. Strangers have at most half of the machine, and those who
/// were let in before have places of their own.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int MinimumLength = 12;
    public const int MaximumLength = 200;

    private const int Rounds = 210_000;
    private const int Waiting = 10;

    private static readonly int StrangersAtOnce = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    private readonly PasswordHasher<Passwords> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    private readonly ConcurrencyLimiter _strangers = PlacesFor(StrangersAtOnce);
    private readonly ConcurrencyLimiter _known = PlacesFor(1);
    private readonly Lazy<Secret> _noOnes;

    public Passwords() => _noOnes = new(() => new(_hasher.HashPassword(this, Guid.NewGuid().ToString())));

    /// <summary>Checks the field of a new password.</summary>
    public static void Check(FieldChecks checks, Secret? password)
    {
        if (password is not { Length: >= MinimumLength and <= MaximumLength })
        {
            checks.Fail("password", $"{MinimumLength} to {MaximumLength} characters.");
        }
    }

    public Secret Hash(Secret password) => new(_hasher.HashPassword(this, password.Reveal()));

    /// <param name="hash">Null for an unknown name: it takes as long, and the answer is no.</param>
    /// <param name="isStranger">False for somebody who is signed in, or was in this browser.</param>
    /// <returns>Right, wrong, or right and kept with fewer rounds than today's.</returns>
    /// <exception cref="AppException">RATE_LIMITED: too many are being checked.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(Secret? hash, Secret password, bool isStranger, CancellationToken cancellationToken)
    {
        using var slot = await (isStranger ? _strangers : _known).AcquireAsync(1, cancellationToken);
        if (!slot.IsAcquired)
        {
            throw AuthErrors.TooManyAtOnce();
        }

        var result = _hasher.VerifyHashedPassword(this, (hash ?? _noOnes.Value).Reveal(), password.Reveal());
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose()
    {
        _strangers.Dispose();
        _known.Dispose();
    }

    private static ConcurrencyLimiter PlacesFor(int atOnce) =>
        new(new() { PermitLimit = atOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
