using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>The interfaces of this machine that are ours: one <see cref="Device"/> a name, so that an interface never has two writers.</summary>
internal sealed class Devices(
    WgTool wg, LinkTool links, NftTool nft, InterfaceGeneration lives, TimeProvider time, IOptions<WireGuardOptions> options, ILoggerFactory loggers)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Device>> _devices = new();
    private readonly NftGeneration _generation = new();

    public Device Of(string name) => _devices.GetOrAdd(name, _ => new(() => New(name))).Value;

    public void Dispose()
    {
        foreach (var device in _devices.Values.Where(device => device.IsValueCreated))
        {
            device.Value.Dispose();
        }

        _generation.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The device disposes of its reader.")]
    private Device New(string name)
    {
        var reader = new DeviceReader(name, wg, lives, time);
        var others = new ForeignChains(name, new(name, nft), _generation);
        var firewall = new Firewall(name, nft, _generation, others, new(name, links), new(name), links, loggers.CreateLogger<Firewall>());
        return new(
            name, wg, links, reader, new(name, wg, links, reader, loggers.CreateLogger<DeviceMending>()), new(new(name, links), firewall),
            new(name, options, loggers.CreateLogger<ConfFile>()), loggers.CreateLogger<Device>());
    }
}
