using System.Text.Json;

namespace WgHub.Features.Enrolment;

/// <summary>What is asked of <c>POST /api/spoke/register</c>.</summary>
/// <param name="ProxmoxVersion">A version, or the line that <c>pveversion</c> prints.</param>
/// <param name="ProxmoxMembers">The file <c>/etc/pve/.members</c> of a Proxmox VE node, whole.</param>
/// <param name="ProxmoxStatus">In its place, the answer of <c>pvesh get /cluster/status --output-format json</c>.</param>
/// <param name="Metadata">What else its owner wants to see of it: each key is theirs.</param>
internal sealed record RegisterSpoke(
    string? Token,
    string? PublicKey,
    string? Os,
    bool? IsProxmox = null,
    string? ProxmoxNodeName = null,
    string? ProxmoxClusterName = null,
    string? ProxmoxVersion = null,
    string? ProxmoxMembers = null,
    string? ProxmoxStatus = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
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
