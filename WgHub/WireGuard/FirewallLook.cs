namespace WgHub.WireGuard;

/// <summary>What a look at the firewall of an interface has found.</summary>
/// <param name="Faults">What is not as wanted, in sentences.</param>
/// <param name="Counts">By name of a rule's counter.</param>
/// <param name="WasChanged">True when somebody else had changed the table, or it was gone. It is as wanted again.</param>
internal sealed record FirewallLook(IReadOnlyList<string> Faults, IReadOnlyDictionary<string, NftCount> Counts, bool WasChanged)
{
    /// <summary>What other firewalls of this machine stand in the way with, in sentences.</summary>
    public IReadOnlyList<string> Foreign { get; init; } = [];

    /// <summary>All that is to be told.</summary>
    public IEnumerable<string> All => [.. Faults, .. Foreign];

    public static readonly FirewallLook Nothing = new([], new Dictionary<string, NftCount>(), false);
}
