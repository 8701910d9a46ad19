
namespace WgHub.WireGuard;

/// <summary>
/// Keeps one nft table in the kernel that says where traffic of an interface may go. It is replaced in one step and lives on when
/// this process ends. Peers that come and go are elements of its sets.
/// </summary>
internal sealed partial class Firewall(
    string name, NftTool nft, NftGeneration generation, ForeignChains others, Guard guard, Forwarding forwarding, LinkTool links, ILogger<Firewall> logger)
    : IDisposable
{
    /// <summary>Milliseconds between two looks that start programs, while no ruleset changes: passes that follow registrations come each second.</summary>
    private const int LooksApart = 9_000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _table = NftScript.Table(name);

    private FirewallTable? _applied;
    private uint? _generation; // of the ruleset when the table was last known to be as applied
    private bool _isRefused;
    private (long At, FirewallLook Look) _last = (long.MinValue, FirewallLook.Nothing); // in milliseconds since the machine came up

    /// <summary>Whether the table is as it was set. Costs microseconds while nobody changes any firewall rule of this machine.</summary>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<bool> IsUnchangedAsync(CancellationToken cancellationToken)
    {
        if (_applied is not { } applied || generation.Current() is not { } now || now == _generation)
        {
            return true;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return !IsTouchedOrUnknown || await IsAsAppliedAsync(applied, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes guard and table as wanted. They need no interface, and are there before it.</summary>
    /// <param name="wanted">All peers.</param>
    public async Task<FirewallLook> KeepAsync(
        DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var members = FirewallTable.MembersOf(wanted);
            if (_applied?.Holds(spec, members) == true && !IsTouchedOrUnknown && Environment.TickCount64 - _last.At < LooksApart)
            {
                return _last.Look with { WasChanged = false };
            }

            var look = await KeepTableAsync(spec, members, cancellationToken);
            _last = (Environment.TickCount64, look with
            {
                Faults = [.. look.Faults, .. await guard.KeepAsync(spec.Policy, _isRefused, cancellationToken)],
                Foreign = spec.Policy.Forwards ? await others.FindAsync(spec.Policy.Tunnel, cancellationToken) : [],
            });
            return _last.Look;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes the kernel forward what the table lets through, and nothing while there is none. Needs the interface.</summary>
    /// <returns>Sentences about what is not as wanted.</returns>
    public async Task<IReadOnlyList<string>> SwitchAsync(NftRules rules, CancellationToken cancellationToken)
    {
        var forwards = rules.Forwards && !_isRefused;
        var besides = forwards ? await WaysAsync(rules, cancellationToken) : [];
        return forwarding.Keep(forwards, forwards && rules.Tunnel.Any(network => network.IsIPv6), besides);
    }

    /// <summary>Enters, moves and takes out some peers, in one run of nft; none when nothing of it is in the table.</summary>
    /// <exception cref="WgException">nft refused, or the table is not as wanted yet: then nothing is changed.</exception>
    public async Task PutAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> peers, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var after = FirewallTable.MembersOf(peers);
            IReadOnlyList<PeerZone> before = _applied is null ? [] : [.. peers.Keys.Where(_applied.Members.ContainsKey).Select(key => _applied.Members[key])];
            if (before.Count == 0 && after.Count == 0)
            {
                return;
            }

            if (_applied is not { } applied || !applied.IsFor(spec))
            {
                throw new WgException("The firewall table is just being set.");
            }

            var change = NftScript.Change(name, spec.Policy, before, [.. after.Values]);
            if (change.Length > 0)
            {
                await ApplyAsync(change, isWhole: false, cancellationToken);
            }

            foreach (var key in peers.Keys)
            {
                applied.Members.Remove(key);
            }

            foreach (var (key, zone) in after)
            {
                applied.Members[key] = zone;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes table and guard away.</summary>
    /// <exception cref="WgException">nft or ip refused.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _applied = null;
            await nft.DeleteAsync(_table, cancellationToken);
            await guard.RemoveAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>What cannot be looked at stays as it is; what cannot be set shuts the guard.</summary>
    private async Task<FirewallLook> KeepTableAsync(DeviceSpec spec, Dictionary<PublicKey, PeerZone> members, CancellationToken cancellationToken)
    {
        try
        {
            var look = await SetTableAsync(spec, members, cancellationToken);
            _isRefused = false;
            return look;
        }
        catch (WgException exception)
        {
            _isRefused |= _applied is null;
            return FirewallLook.Nothing with
            {
                Faults = _isRefused
                    ? [$"The firewall table could not be set, so nothing passes between spokes or beyond the hub. {exception.Message}"]
                    : [$"The firewall table could not be read. {exception.Message}"],
            };
        }
    }

    private async Task<FirewallLook> SetTableAsync(DeviceSpec spec, Dictionary<PublicKey, PeerZone> members, CancellationToken cancellationToken)
    {
        var counts = await nft.CountersAsync(_table, cancellationToken);
        var isChanged = _applied is { } before && (counts is null || (IsTouchedOrUnknown && !await IsAsAppliedAsync(before, cancellationToken)));
        if (isChanged)
        {
            LogChanged(name);
        }

        if (_applied is not { } applied || isChanged || !applied.IsFor(spec))
        {
            _applied = null;
            await ApplyAsync(
                NftScript.Whole(name, spec.Mtu, spec.Policy, counts ?? FirewallLook.Nothing.Counts, members.Values), isWhole: true, cancellationToken);
            _applied = new(spec, members, await nft.ShapeAsync(_table, cancellationToken));
            LogSet(name, members.Count);
            return new([], counts ?? FirewallLook.Nothing.Counts, isChanged);
        }

        var change = NftScript.Change(
            name, spec.Policy, [.. applied.Members.Where(one => members.GetValueOrDefault(one.Key) != one.Value).Select(one => one.Value)],
            [.. members.Where(one => applied.Members.GetValueOrDefault(one.Key) != one.Value).Select(one => one.Value)]);
        if (change.Length > 0)
        {
            _applied = null;
            await ApplyAsync(change, isWhole: false, cancellationToken);
        }

        _applied = applied with { Members = members };
        return new([], counts!, false);
    }

    private bool IsTouchedOrUnknown => _generation is not { } known || generation.Current() != known;

    /// <summary>One commit more than before is ours alone; else somebody else's lies between, and the next look reads what there is.</summary>
    private async Task ApplyAsync(string script, bool isWhole, CancellationToken cancellationToken)
    {
        var before = generation.Current();
        var wasKnown = isWhole || before == _generation;
        _generation = null;
        await nft.ApplyAsync(script, cancellationToken);
        _generation = wasKnown && generation.Current() is { } after && after == before + 1 ? after : null;
    }

    private async Task<bool> IsAsAppliedAsync(FirewallTable applied, CancellationToken cancellationToken)
    {
        var now = generation.Current();
        if (await nft.ShapeAsync(_table, cancellationToken) != applied.Shape)
        {
            return false;
        }

        foreach (var (set, members) in NftScript.Members(applied.Spec.Policy, applied.Members.Values))
        {
            if (!members.SetEquals(await nft.MembersAsync(_table, NftScript.KindOf(set), set, cancellationToken)))
            {
                return false;
            }
        }

        _generation = now;
        return true;
    }

    /// <summary>By which interfaces answers come back from beyond.</summary>
    private async Task<IReadOnlyCollection<string>> WaysAsync(NftRules rules, CancellationToken cancellationToken)
    {
        HashSet<string> ways = [];
        foreach (var to in rules.Beyond())
        {
            if (await links.WayAsync(to, cancellationToken) is { } way && way != name)
            {
                ways.Add(way);
            }
        }

        return ways;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Firewall table of {Interface} set, {Members} peers in its sets.")]
    private partial void LogSet(string @interface, int members);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Somebody changed the firewall table of {Interface}, or flushed it: it is set anew. Meanwhile the guard let nothing pass.")]
    private partial void LogChanged(string @interface);
}
