namespace WgHub.WireGuard;

/// <summary>What came of a mending.</summary>
/// <param name="IsMoved">True when it listens at another port than before.</param>
/// <param name="Faults">What could not be made as wanted, in sentences.</param>
internal sealed record Mended(bool IsMoved, IReadOnlyList<string> Faults);

/// <summary>
/// Makes an interface as wanted, but for its peers, step by step: one that the kernel refuses, such as an IPv6 address where IPv6 is
/// switched off, does not keep the others from being done.
/// </summary>
internal sealed partial class DeviceMending(string name, WgTool wg, LinkTool links, DeviceReader reader, ILogger logger)
{
    private string _told = "";

    public static bool IsAsWanted(DeviceSpec spec, Link link) =>
        link.Mtu == spec.Mtu && link.Addresses.ToHashSet().SetEquals(spec.Addresses);

    /// <param name="link">Null when there is none of the name.</param>
    /// <exception cref="WgException">It could not be made.</exception>
    public async Task<Mended> MendAsync(DeviceSpec spec, Link? link, CancellationToken cancellationToken)
    {
        var isMade = link is null && !await IsFoundAgainAsync(spec, cancellationToken);
        if (isMade)
        {
            await links.AddAsync(name, cancellationToken);
            LogMade(name);
        }

        link ??= await links.FindAsync(name, cancellationToken);
        List<string> faults = [];
        async Task TryAsync(Task step, string of = "")
        {
            try
            {
                await step;
            }
            catch (WgException exception)
            {
                faults.Add(Words(of, exception.Message));
            }
        }

        // Not when it stands already: wireguard-go opens its socket anew for the same port, and a packet may fall between.
        var (hasKey, hasPort) = await reader.KeyAndPortAsync(spec, cancellationToken);
        if (!hasKey)
        {
            await TryAsync(wg.SetKeyAsync(name, spec.PrivateKey, cancellationToken));
        }

        if (!hasPort)
        {
            await TryAsync(wg.SetPortAsync(name, spec.ListenPort, cancellationToken));
        }

        // New ones first: the hub answers under one address all the time.
        var present = link?.Addresses ?? [];
        foreach (var address in spec.Addresses.Except(present))
        {
            await TryAsync(links.AddAddressAsync(name, address, cancellationToken), address);
        }

        foreach (var address in present.Except(spec.Addresses))
        {
            await TryAsync(links.RemoveAddressAsync(name, address, cancellationToken));
        }

        await TryAsync(links.SetMtuAsync(name, spec.Mtu, cancellationToken));
        await TryAsync(links.SetUpAsync(name, cancellationToken));
        Tell(faults);
        return new(!isMade && !hasPort, faults);
    }

    /// <summary>Somebody renamed it: it gets its name back, with its peers and their sessions.</summary>
    private async Task<bool> IsFoundAgainAsync(DeviceSpec spec, CancellationToken cancellationToken)
    {
        if (await links.FindByAddressAsync(spec.Addresses[0], cancellationToken) is not { } other)
        {
            return false;
        }

        try
        {
            // wireguard-go goes on answering under the name that it was started with.
            if (!await wg.HasKeyAsync(other, spec.Key, cancellationToken) && !await wg.HasKeyAsync(name, spec.Key, cancellationToken))
            {
                return false;
            }

            await links.RenameAsync(other, name, cancellationToken);
            LogRenamed(other, name);
            return true;
        }
        catch (WgException)
        {
            return false; // it goes on as one that is another's
        }
    }

    private string Words(string address, string reason) =>
        address.Contains(':', StringComparison.Ordinal) && Ipv6.IsOff(name)
            ? $"IPv6 is switched off on this machine: spokes reach {name} by IPv4 alone. ({reason})"
            : reason;

    /// <summary>The same fault at every pass would bury the log.</summary>
    private void Tell(IReadOnlyList<string> faults)
    {
        var text = string.Join(' ', faults);
        if (faults.Count == 0)
        {
            LogMended(name);
        }
        else if (text != _told)
        {
            LogFaults(name, text);
        }

        _told = text;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} made.")]
    private partial void LogMade(string @interface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Interface {Other} is ours and was renamed: it is {Interface} again.")]
    private partial void LogRenamed(string other, string @interface);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} set as wanted: key, port, addresses, MTU.")]
    private partial void LogMended(string @interface);

    [LoggerMessage(Level = LogLevel.Error, Message = "Interface {Interface} is not as wanted, the rest of it is: {Faults}")]
    private partial void LogFaults(string @interface, string faults);
}
