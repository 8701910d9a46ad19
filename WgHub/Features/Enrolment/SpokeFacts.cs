using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine tells of itself, checked. It is shown and searched, never run.</summary>
internal sealed partial record SpokeFacts(string Os, bool IsProxmox, string? ProxmoxNode, string? ProxmoxCluster, string? ProxmoxVersion, string Metadata)
{
    private const int MetadataEntries = 32;
    private const int MetadataLength = 256;

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static SpokeFacts From(RegisterSpoke request)
    {
        var checks = new FieldChecks();
        var os = checks.Required<string>("os", request.Os, Platforms.TryParse, $"One of {string.Join(", ", Platforms.All)}.");
        var node = checks.Optional<string>("proxmoxNodeName", request.ProxmoxNodeName, TryParseHost, "A host name.");
        var cluster = checks.Optional<string>("proxmoxClusterName", request.ProxmoxClusterName, TryParseHost, "A cluster name.");
        var version = checks.Optional<string>("proxmoxVersion", request.ProxmoxVersion, TryParseVersion, "A version such as 8.1.3.");
        var metadata = ReadMetadata(checks, request.Metadata);
        checks.ThrowIfAny();
        return new(os, request.IsProxmox ?? os == Platforms.Proxmox, node, cluster, version, metadata);
    }

    /// <summary>The kind of machine that a token can be bound to.</summary>
    public string Platform => IsProxmox ? Platforms.Proxmox : Os;

    public Spoke ToSpoke(Token token, PublicKey key, DateTimeOffset now) => new(
        token.SpokeId, token.SpokeName, token.Address, key, Os, true, token.SpokeExpiresAt, token.Group, "", IsProxmox, ProxmoxNode, ProxmoxCluster, ProxmoxVersion, Metadata, now, null, 0, 0, null)
    {
        Owner = token.Owner,
        Tags = token.Tags,
    };

    /// <summary>A flat object of texts, numbers and truth values; all are kept as text.</summary>
    private static string ReadMetadata(FieldChecks checks, IReadOnlyDictionary<string, JsonElement>? metadata)
    {
        var kept = new Dictionary<string, string>();
        foreach (var (name, value) in metadata ?? new Dictionary<string, JsonElement>())
        {
            var text = TextOf(value);
            if (text is null || text.Length > MetadataLength || name.Length > 64 || kept.Count >= MetadataEntries || text.Any(char.IsControl) || name.Any(char.IsControl))
            {
                checks.Fail("metadata", $"At most {MetadataEntries} texts of {MetadataLength} characters, no control characters.");
                break;
            }

            kept[name] = text;
        }

        return JsonSerializer.Serialize(kept, EnrolmentJson.Default.DictionaryStringString);
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

    private static bool TryParseHost(string? text, out string name)
    {
        name = text ?? "";
        return HostShape().IsMatch(name);
    }

    private static bool TryParseVersion(string? text, out string version)
    {
        version = text ?? "";
        return VersionShape().IsMatch(version);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostShape();

    [GeneratedRegex(@"\A[0-9][0-9A-Za-z.~+-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionShape();
}
