using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>A passkey that answered a challenge.</summary>
/// <param name="Info">With its new count.</param>
internal sealed record PasskeyProof(User User, UserPasskeyInfo Info);

/// <summary>
/// Challenges for browsers, and the check of their answers (Web Authentication, level 3, §7). Each challenge is answered once,
/// in the browser and for the purpose that it was made for.
/// </summary>
internal sealed class PasskeyCeremony(IPasskeyHandler<User> handler, PasskeyChallenges challenges, PasskeySite site)
{
    // One of a few hundred bytes is usual; devices that state their make in it take some thousand.
    private const int LongestAnswer = 16 * 1024;

    /// <returns>JSON for <c>navigator.credentials.create</c>.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED where there are no passkeys.</exception>
    public async Task<string> BeginAddingAsync(HttpContext context, User user)
    {
        RequireSite(context);
        var options = await handler.MakeCreationOptionsAsync(new() { Id = user.Id, Name = user.Name, DisplayName = user.Name }, context);
        challenges.Set(context, ToAdd(user), options.AttestationState!);
        return options.CreationOptionsJson;
    }

    /// <returns>The new passkey; null when the answer does not fit.</returns>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public async Task<UserPasskeyInfo?> FinishAddingAsync(HttpContext context, User user, string? answer)
    {
        var state = challenges.Take(context, ToAdd(user));
        if (state is null || answer is not { Length: > 0 and <= LongestAnswer })
        {
            return null;
        }

        var result = await handler.PerformAttestationAsync(new() { HttpContext = context, CredentialJson = answer, AttestationState = state });
        ThrowIfOurs(result.Failure);
        return result.Succeeded && challenges.TryUse(state) ? result.Passkey : null;
    }

    /// <param name="user">Who is to answer; null for whoever can.</param>
    /// <returns>JSON for <c>navigator.credentials.get</c>.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED where there are no passkeys.</exception>
    public async Task<string> BeginUsingAsync(HttpContext context, User? user)
    {
        RequireSite(context);
        var options = await handler.MakeRequestOptionsAsync(user, context);
        challenges.Set(context, ToUse(user), options.AssertionState!);
        return options.RequestOptionsJson;
    }

    /// <returns>Null when the answer does not fit.</returns>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public async Task<PasskeyProof?> FinishUsingAsync(HttpContext context, User? user, string? answer)
    {
        var state = challenges.Take(context, ToUse(user));
        if (state is null || answer is not { Length: > 0 and <= LongestAnswer })
        {
            return null;
        }

        var result = await handler.PerformAssertionAsync(new() { HttpContext = context, CredentialJson = answer, AssertionState = state });
        ThrowIfOurs(result.Failure);
        return result.Succeeded && challenges.TryUse(state) ? new(result.User, result.Passkey) : null;
    }

    private static string ToAdd(User user) => $"add a passkey to {user.Id}";

    private static string ToUse(User? user) => user is null ? "sign in by a passkey" : $"confirm by a passkey of {user.Id}";

    private void RequireSite(HttpContext context)
    {
        if (site.ObstacleFor(context.Request) is { } obstacle)
        {
            throw WebErrors.Malformed(obstacle);
        }
    }

    /// <summary>The framework takes every exception for a wrong answer; a full disk is not one.</summary>
    private static void ThrowIfOurs(PasskeyException? failure)
    {
        if (failure?.InnerException is StorageException storage)
        {
            throw new StorageException(storage.Message, storage);
        }
    }
}
