using System.Net;
using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A wish to change a spoke, as it was sent; null leaves a thing as it is.</summary>
internal sealed record ChangeSpoke(string? Name = null, bool? Enabled = null, string? Notes = null, Expiry? Expiry = null)
{
    public LabelWish Labels { get; init; } = LabelWish.Nothing;

    public RoutesWish? Routes { get; init; }

    public string? CustomIP { get; init; }

    /// <summary>Empty for the one that follows from the IPv4 address.</summary>
    public string? AddressV6 { get; init; }
}

/// <param name="At">Null for never.</param>
internal sealed record Expiry(DateTimeOffset? At);

/// <summary>What can be changed of a spoke, named as in the API.</summary>
internal sealed class SpokeFields : IRoutesFields
{
    public string? Name { get; set; }

    public string? Notes { get; set; }

    public string? Group { get; set; }

    public string? Owner { get; set; }

    /// <summary>By comma or space.</summary>
    public string? Tags { get; set; }

    /// <summary>In UTC; null for never.</summary>
    public DateTime? ExpiresAt { get; set; }

    public string? Routes { get; set; }

    public string? RoutedNetworks { get; set; }

    public static SpokeFields From(Spoke spoke) => new()
    {
        Name = spoke.Name,
        Notes = spoke.Notes,
        Group = spoke.Labels.Group,
        Owner = spoke.Labels.Owner,
        Tags = spoke.Labels.Tags.ToString(),
        ExpiresAt = spoke.ExpiresAt?.UtcDateTime,
        Routes = spoke.Routes is { IsList: true } ? RoutesWish.Listed : spoke.Routes?.Text,
        RoutedNetworks = spoke.Routes is { IsList: true } list ? list.Title : null,
    };

    public ChangeSpoke ToChange() => new(
        Name ?? "", null, Notes ?? "", new(ExpiresAt is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null))
    {
        Labels = new() { Group = Group ?? "", Owner = Owner ?? "", Tags = Labels.Tags.Join(Tags) },
        Routes = RoutesWish.Of(this),
    };
}

/// <summary>The same wish, checked: it can be applied to any number of spokes.</summary>
internal sealed class SpokeEdit
{
    private const int NotesLength = 2000;

    private readonly ChangeSpoke _wish;
    private readonly LabelEdit _labels;
    private readonly uint? _address;
    private readonly IPAddress? _address6;

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public SpokeEdit(ChangeSpoke wish)
    {
        _wish = wish;
        var checks = new FieldChecks();
        Name = wish.Name is null ? null : checks.Required<SpokeName?>("name", wish.Name, SpokeName.TryParse, SpokeName.Rule);
        _labels = new(checks, wish.Labels);
        Routes = SpokeRoutes.Parse(checks, "routes", wish.Routes);
        _address = wish.CustomIP is { } address ? checks.Required<uint>("customIP", address, Ipv4Network.TryParseAddress, AddressWish.Rule) : null;
        _address6 = checks.Optional<IPAddress>("addressV6", wish.AddressV6, Ipv6Address.TryParse!, AddressWish.Rule6);
        if (wish.Notes is { } notes && (notes.Length > NotesLength || notes.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t')))
        {
            checks.Fail("notes", $"At most {NotesLength} characters, no control characters.");
        }

        checks.ThrowIfAny();
    }

    public SpokeName? Name { get; }

    /// <summary>Null where none are chosen.</summary>
    public SpokeRoutes? Routes { get; }

    /// <summary>What a spoke is to have then; null when nothing is said of its addresses.</summary>
    public AddressWish? AddressesFor(Spoke spoke) => _wish is { CustomIP: null, AddressV6: null } ? null : new(
        spoke.Labels.Group, _address ?? spoke.Address.Number, _wish.AddressV6 is null ? spoke.Address6 : _address6);

    /// <exception cref="AppException">VALIDATION_FAILED when it would have too many tags.</exception>
    public Spoke ApplyTo(Spoke spoke) => spoke with
    {
        Name = Name?.Text ?? spoke.Name,
        Enabled = _wish.Enabled ?? spoke.Enabled,
        ExpiresAt = _wish.Expiry is { } expiry ? expiry.At : spoke.ExpiresAt,
        Notes = _wish.Notes ?? spoke.Notes,
        Labels = _labels.ApplyTo(spoke.Labels, spoke.Name),
        Routes = _wish.Routes is null ? spoke.Routes : Routes,
    };

    /// <summary>What the audit log tells of a change.</summary>
    public static IEnumerable<(string Name, string? Value)> Differences(Spoke before, Spoke after)
    {
        if (before.Name != after.Name)
        {
            yield return ("name", $"{before.Name} → {after.Name}");
        }

        if (before.Address != after.Address)
        {
            yield return ("address", $"{before.Address} → {after.Address}");
        }

        if (!Equals(before.Address6, after.Address6))
        {
            yield return ("addressV6", $"{Told(before.Address6)} → {Told(after.Address6)}");
        }

        if (before.Enabled != after.Enabled)
        {
            yield return ("enabled", after.Enabled ? "true" : "false");
        }

        if (before.ExpiresAt != after.ExpiresAt)
        {
            yield return ("expiresAt", $"{Told(before.ExpiresAt)} → {Told(after.ExpiresAt)}");
        }

        if (before.Routes != after.Routes)
        {
            yield return ("routes", $"{before.Routes?.Text ?? "of its group"} → {after.Routes?.Text ?? "of its group"}");
        }

        foreach (var difference in before.Labels.DifferencesTo(after.Labels))
        {
            yield return difference;
        }

        if (before.Notes != after.Notes)
        {
            yield return ("notes", "changed");
        }
    }

    private static string Told(IPAddress? chosen) => chosen?.ToString() ?? "follows from the IPv4 address";

    private static string Told(DateTimeOffset? end) => end is { } time ? UtcText.Of(time) : "never";
}
