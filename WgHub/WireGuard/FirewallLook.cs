namespace WgHub.WireGuard;

/// <summary>What a look at the firewall of an interface has found.</summary>
/// <param name="Faults">What is not as wanted, in sentences.</param>
/// <param name="Counts">By name of a rule's counter.</param>
/// <param name="WasChanged">True when somebody else had changed the table, or it was gone. It is as wanted again.</param>
internal sealed record FirewallLook(IReadOnlyList<string> Faults, IReadOnlyDictionary<string, NftCount> Counts, bool WasChanged)
{
    public static readonly FirewallLook Nothing = new([], new Dictionary<string, NftCount>(), false);
}
