namespace WgHub.WireGuard;

/// <summary>Where traffic of an interface goes: its routes, its firewall, and the kernel's switches.</summary>
internal sealed class DeviceTraffic(Routes routes, Firewall firewall) : IDisposable
{
    /// <inheritdoc cref="Firewall.IsUnchangedAsync"/>
    public Task<bool> IsFirewallUnchangedAsync(CancellationToken cancellationToken) => firewall.IsUnchangedAsync(cancellationToken);

    /// <summary>Before there is an interface: what arrives on it meets rules from the first packet on.</summary>
    public Task<FirewallLook> GuardAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken) =>
        firewall.KeepAsync(spec, wanted, cancellationToken);

    /// <summary>Once there is one.</summary>
    /// <returns>Sentences about what is not as wanted.</returns>
    public async Task<IReadOnlyList<string>> OpenAsync(DeviceSpec spec, CancellationToken cancellationToken)
    {
        var faults = await firewall.SwitchAsync(spec.Policy, cancellationToken);
        try
        {
            await routes.MirrorAsync(spec.Routes, cancellationToken);
            return faults;
        }
        catch (WgException exception)
        {
            return [.. faults, exception.Message];
        }
    }

    /// <inheritdoc cref="Firewall.PutAsync"/>
    public Task PutAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> peers, CancellationToken cancellationToken) =>
        firewall.PutAsync(spec, peers, cancellationToken);

    /// <inheritdoc cref="Firewall.RemoveAsync"/>
    public Task RemoveAsync(CancellationToken cancellationToken) => firewall.RemoveAsync(cancellationToken);

    public void Dispose() => firewall.Dispose();
}
