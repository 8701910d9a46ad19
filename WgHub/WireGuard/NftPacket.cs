namespace WgHub.WireGuard;

/// <summary>A packet to ask the chains of another firewall about. What is null or empty could be anything.</summary>
/// <param name="IsNew">True for the first of a connection; else it is an answer.</param>
internal sealed record NftPacket(bool IsIPv6, bool IsNew)
{
    /// <summary>The interface it arrives on.</summary>
    public string? From { get; init; }

    /// <summary>The interface it leaves by.</summary>
    public string? To { get; init; }

    /// <summary>It comes from somewhere in one of them.</summary>
    public IReadOnlyList<Cidr> Sources { get; init; } = [];

    /// <summary>It goes to somewhere in one of them.</summary>
    public IReadOnlyList<Cidr> Destinations { get; init; } = [];

    /// <summary>Where it is UDP.</summary>
    public int? UdpPort { get; init; }
}
