using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Notifications;

/// <summary>Settings under <c>Notifications</c>.</summary>
internal sealed class NotificationOptions
{
    public const string Section = "Notifications";

    /// <summary>Webhooks may go to private networks too (RFC 1918, 100.64.0.0/10, IPv6 ULA): to receivers of one's own.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Webhooks may go to this machine, also by plain http.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>So long after its last handshake has run out (180 s) a spoke is called disconnected.</summary>
    [Range(0, 86_400)]
    public int DisconnectGraceSeconds { get; set; } = 120;

    public ReachOptions Reach => new(AllowPrivateNetworks, AllowLoopback);
}

[OptionsValidator]
internal sealed partial class NotificationOptionsValidator : IValidateOptions<NotificationOptions>;
