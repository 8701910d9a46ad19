using System.Collections.Concurrent;
using System.Net;

namespace WgHub.Web;

/// <summary>How much each machine holds now, in whatever is counted. Only who holds something is kept; see <see cref="AddressLimiter.MachineOf"/>.</summary>
internal sealed class MachineTally
{
    private readonly ConcurrentDictionary<IPAddress, long> _held = new();

    public long Of(IPAddress? address) => _held.GetValueOrDefault(AddressLimiter.MachineOf(address));

    /// <returns>What it holds with that.</returns>
    public long Add(IPAddress? address, long amount) =>
        _held.AddOrUpdate(AddressLimiter.MachineOf(address), amount, (_, held) => held + amount);

    public void Remove(IPAddress? address, long amount)
    {
        var machine = AddressLimiter.MachineOf(address);
        if (_held.AddOrUpdate(machine, 0, (_, held) => held - amount) == 0)
        {
            _held.TryRemove(new(machine, 0)); // unless somebody came meanwhile
        }
    }
}
