using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Auth;

/// <summary>Hashes passwords: PBKDF2 with HMAC-SHA-512, 210,000 rounds (OWASP's figure). Each check costs a third of a second of a core, so few run at once.</summary>
internal sealed class Passwords : IDisposable
{
    public const int MinimumLength = 12;
    public const int MaximumLength = 200;

    private const int Rounds = 210_000;
    private const int AtOnce = 2;

    private readonly PasswordHasher<Passwords> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    private readonly SemaphoreSlim _slots = new(AtOnce, AtOnce);
    private readonly Lazy<string> _noOnes;

    public Passwords() => _noOnes = new(() => _hasher.HashPassword(this, Guid.NewGuid().ToString()));

    public string Hash(string password) => _hasher.HashPassword(this, password);

    /// <param name="hash">Null for an unknown name: it takes as long, and the answer is no.</param>
    public async Task<bool> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var result = _hasher.VerifyHashedPassword(this, hash ?? _noOnes.Value, password);
            return hash is not null && result != PasswordVerificationResult.Failed;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
