using WgHub.Features.Routes;

namespace WgHub.Features.Tokens;

/// <summary>What a new token is asked for, named as in the API.</summary>
internal sealed class TokenFields : IRoutesFields
{
    public string? SpokeName { get; set; }

    public string? CustomIP { get; set; }

    public string? AddressV6 { get; set; }

    public int? ExpiresInHours { get; set; } = TokenService.DefaultHours;

    public string? Group { get; set; }

    public string? Platform { get; set; }

    public string? Owner { get; set; }

    /// <summary>By comma or space.</summary>
    public string? Tags { get; set; }

    /// <summary>In UTC; empty for never.</summary>
    public string? SpokeExpiresAt { get; set; }

    public string? Routes { get; set; }

    public string? RoutedNetworks { get; set; }

    /// <summary>True when one of the rarer fields is in use.</summary>
    public bool HasMore => new[] { Platform, Owner, Tags, SpokeExpiresAt, Routes, AddressV6 }.Any(text => !string.IsNullOrEmpty(text));

    public CreateToken ToRequest() => new(SpokeName, CustomIP, Platform, ExpiresInHours, Group, Owner, Labels.Tags.Split(Tags), SpokeExpiresAt)
    {
        Routes = RoutesWish.Of(this),
        AddressV6 = AddressV6,
    };
}
