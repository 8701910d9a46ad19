using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>
/// Shows the framework's <see cref="PasskeyHandler{TUser}"/> our accounts and their passkeys. It reads only: what changes is written by us, in
/// one transaction with its audit entry.
/// </summary>
internal sealed class PasskeyUsers(Database database, UserStore users, PasskeyStore passkeys) : IUserPasskeyStore<User>
{
    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(Find(userId));

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) => Task.FromResult(passkeys.InfosOf(user.Id));

    public Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(passkeys.OwnerOf(credentialId) is { } userId ? Find(userId) : null);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(passkeys.Find(user.Id, credentialId));

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose()
    {
        // It holds nothing; the interface wants it.
    }

    private User? Find(string userId) => database.Read(tx => users.Find(tx, userId));
}
