using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Features.Audit;

namespace WgHub.Features.Persons;

/// <summary>All that the hub has of somebody.</summary>
/// <param name="Spokes">Those that they own.</param>
/// <param name="Tokens">Installation tokens that they made, or whose spoke is to be theirs.</param>
/// <param name="Audit">What they did, and what was done with their accounts and what is theirs; the oldest first.</param>
/// <param name="Mentions">Where free text has the name, which nobody but a person can read: how many of each kind.</param>
internal sealed record PersonDto(
    string Who, DateTimeOffset At, IReadOnlyList<PersonAccountDto> Accounts, IReadOnlyList<PersonSpokeDto> Spokes, IReadOnlyList<PersonTokenDto> Tokens,
    IReadOnlyList<PersonAuditDto> Audit, IReadOnlyList<MentionDto> Mentions);

/// <param name="Issuer">The identity provider; null for an account of the hub's own.</param>
internal sealed record PersonAccountDto(
    string Id, string Name, string Role, bool Enabled, string? Issuer, IReadOnlyList<PersonSessionDto> Sessions, IReadOnlyList<string> Passkeys,
    IReadOnlyList<string> ApiTokens);

internal sealed record PersonSessionDto(string Way, string? Address, string UserAgent, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

internal sealed record PersonSpokeDto(string Id, string Name, string Address, DateTimeOffset RegisteredAt, string? Endpoint, DateTimeOffset? LastHandshake);

internal sealed record PersonTokenDto(string Id, string SpokeName, string CreatedBy, string Owner, DateTimeOffset CreatedAt);

internal sealed record PersonAuditDto(long Sequence, DateTimeOffset At, string Actor, string? Address, string Event, string? Subject, JsonElement Detail)
{
    public static PersonAuditDto From(long sequence, AuditEntry entry) => new(
        sequence, entry.At, entry.Actor, entry.Address, entry.Event, entry.Subject, JsonDocument.Parse(entry.Detail).RootElement);
}

/// <param name="Where">Such as <c>notes of spokes</c>.</param>
internal sealed record MentionDto(string Where, long Count);

/// <param name="DryRun">True: nothing was changed.</param>
/// <param name="Pseudonym">What stands for the person now; null for a dry run.</param>
/// <param name="Accounts">How many were emptied and switched off.</param>
/// <param name="Spokes">How many belong to nobody now; they stay connected.</param>
/// <param name="AuditEntries">How many the person was taken out of.</param>
/// <param name="Mentions">What somebody has to look at.</param>
internal sealed record PersonErasedDto(
    bool DryRun, string? Pseudonym, long Accounts, long Spokes, long Tokens, long AuditEntries, IReadOnlyList<MentionDto> Mentions);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PersonDto))]
[JsonSerializable(typeof(PersonErasedDto))]
internal sealed partial class PersonsJson : JsonSerializerContext;
