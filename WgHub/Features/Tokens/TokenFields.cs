namespace WgHub.Features.Tokens;

/// <summary>What a new token is asked for, named as in the API.</summary>
internal sealed class TokenFields
{
    public string? SpokeName { get; set; }

    public string? CustomIP { get; set; }

    public int? ExpiresInHours { get; set; } = TokenService.DefaultHours;

    public string? Group { get; set; }

    public CreateToken ToRequest() => new(SpokeName, CustomIP, null, ExpiresInHours, Group);
}
