using System.Text.Json;

namespace WgHub.Features.Enrolment;

/// <summary>What is asked of <c>POST /api/spoke/register</c>.</summary>
internal sealed record RegisterSpoke(string? Token, string? PublicKey, string? Os)
{
    public bool? IsProxmox { get; init; }

    public string? ProxmoxNodeName { get; init; }

    public string? ProxmoxClusterName { get; init; }

    /// <summary>A version, or the line that <c>pveversion</c> prints.</summary>
    public string? ProxmoxVersion { get; init; }

    /// <summary>The file <c>/etc/pve/.members</c> of a Proxmox VE node, whole.</summary>
    public string? ProxmoxMembers { get; init; }

    /// <summary>In its place, the answer of <c>pvesh get /cluster/status --output-format json</c>.</summary>
    public string? ProxmoxStatus { get; init; }

    /// <summary>Its bridges with its own addresses on them, such as <c>vmbr0=192.0.2.5/24 vmbr1=10.10.0.1/24</c>.</summary>
    public string? ProxmoxBridges { get; init; }

    /// <summary>What else its owner wants to see of it: each key is theirs.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>What its own clock shows, in Unix seconds.</summary>
    public long? Clock { get; init; }

    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(RegisterSpoke);
}

/// <summary>What is asked of <c>POST /api/spoke/{id}/reenrol-token</c>.</summary>
internal sealed record CreateReenrolment(int? ExpiresInHours = null);

/// <summary>What is asked of <c>POST /api/spoke/unregister</c>.</summary>
internal sealed record UnregisterSpoke(string? PublicKey, string? Token)
{
    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(UnregisterSpoke);
}
