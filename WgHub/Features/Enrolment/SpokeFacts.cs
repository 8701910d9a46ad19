using System.Text.Json;
using WgHub.Features.Clusters;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine tells of itself, checked. It is shown and searched, never run.</summary>
/// <param name="Proxmox">Null when it is no Proxmox VE node.</param>
/// <param name="Clock">See <see cref="ToldClock"/>.</param>
internal sealed record SpokeFacts(string Os, PveReport? Proxmox, string Metadata, long? Clock)
{
    private const int MetadataEntries = 32;
    private const int MetadataLength = 256;

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static SpokeFacts From(RegisterSpoke request)
    {
        var checks = new FieldChecks();
        var os = checks.Required<string>("os", request.Os, Platforms.TryParse, $"One of {string.Join(", ", Platforms.All)}.");
        var proxmox = ReadProxmox(checks, request);
        var metadata = ReadMetadata(checks, request.Metadata);
        var clock = ToldClock.Take(checks, request.Clock, metadata);
        checks.ThrowIfAny();
        return new(
            os, request.IsProxmox ?? os == Platforms.Proxmox ? proxmox : null,
            JsonSerializer.Serialize(metadata, EnrolmentJson.Default.DictionaryStringString), clock);
    }

    /// <summary>The kind of machine that a token can be bound to.</summary>
    public string Platform => Proxmox is not null ? Platforms.Proxmox : Os;

    public Spoke ToSpoke(Token token, PublicKey key, DateTimeOffset now) => new()
    {
        Id = token.SpokeId,
        Hub = token.Hub,
        Name = token.SpokeName,
        Address = token.Address,
        Address6 = token.Address6,
        Key = key,
        Os = Os,
        ExpiresAt = token.SpokeExpiresAt,
        Labels = token.Labels,
        Routes = token.Routes,
        ClockOffset = Clock is { } clock ? DateTimeOffset.FromUnixTimeSeconds(clock) - now : null,
        Metadata = Metadata,
        RegisteredAt = now,
    };

    /// <summary>What the node's own files tell comes before what the caller says of them; a file that cannot be read keeps nobody out.</summary>
    private static PveReport ReadProxmox(FieldChecks checks, RegisterSpoke request)
    {
        var node = checks.Optional<string>("proxmoxNodeName", request.ProxmoxNodeName, PveName.TryParse, "A host name.");
        var cluster = checks.Optional<string>("proxmoxClusterName", request.ProxmoxClusterName, PveName.TryParse, "A cluster name.");
        var version =
            checks.Optional<string>("proxmoxVersion", request.ProxmoxVersion, PveName.TryParseVersion, "A version such as 8.1.3, or the line of pveversion.");
        var bridges = checks.Optional<string>("proxmoxBridges", request.ProxmoxBridges, NodeBridge.TryParse, NodeBridge.Rule);
        foreach (var (field, text) in new[] { ("proxmoxMembers", request.ProxmoxMembers), ("proxmoxStatus", request.ProxmoxStatus) })
        {
            if (text?.Length > PveReport.LongestText)
            {
                checks.Fail(field, $"At most {PveReport.LongestText} characters.");
            }
        }

        var told = PveReader.FromMembers(request.ProxmoxMembers) ?? PveReader.FromStatus(request.ProxmoxStatus);
        return new(told?.Node ?? node, version, told?.Cluster ?? (cluster is null ? null : new(cluster, [])), told?.IsStandalone == true && cluster is null)
        {
            Bridges = bridges,
        };
    }

    /// <summary>A flat object of texts, numbers and truth values; all are kept as text.</summary>
    private static Dictionary<string, string> ReadMetadata(FieldChecks checks, IReadOnlyDictionary<string, JsonElement>? metadata)
    {
        var kept = new Dictionary<string, string>();
        foreach (var (name, value) in metadata ?? new Dictionary<string, JsonElement>())
        {
            var text = TextOf(value);
            if (
                text
                    is null
                    || text.Length > MetadataLength
                    || name.Length > 64
                    || kept.Count >= MetadataEntries
                    || text.Any(char.IsControl)
                    || name.Any(char.IsControl))
            {
                checks.Fail("metadata", $"At most {MetadataEntries} texts of {MetadataLength} characters, no control characters.");
                break;
            }

            kept[name] = text;
        }

        return kept;
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? null : value.ToString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair: JSON can spell it, but it is no text
        }
    }
}
