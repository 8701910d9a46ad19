using System.Net;
using WgHub.Hosting;

namespace WgHub.Web;

/// <summary>
/// The connections of all listeners: no more than there are descriptors for, or else the next program that the hub starts ends it. One address,
/// or one /64, has a share of them, and never more than half of what the others leave. The table holds only who is connected now.
/// </summary>
/// <param name="most">Connections at once.</param>
internal sealed class OpenConnections(int most)
{
    private const int MostAnywhere = 10_000;
    private const int Share = 1_000;
    private const int Crowd = 64;

    /// <summary>Descriptors for all else: .NET's own, some 300 once everything has run; the database, the log, programs with their pipes.</summary>
    private const int Kept = 400;

    private const int Fewest = 600;

    private readonly MachineTally _tally = new();
    private int _all;

    /// <param name="descriptors">See <see cref="OpenFiles.Most"/>.</param>
    /// <exception cref="IOException">So few that the hub could not work.</exception>
    public static int MostFor(ulong? descriptors) =>
        descriptors is null ? MostAnywhere
        : descriptors >= Fewest ? (int)Math.Min(MostAnywhere, descriptors.Value - Kept)
        : throw new IOException(
            $"Only {descriptors} files may be open at once here (ulimit -n), and the hub needs {Fewest}: raise that limit (LimitNOFILE= of systemd).");

    /// <summary>True where so many descriptors let every spoke come at once, or as many as are let in anywhere.</summary>
    public static bool IsEnough(ulong descriptors, int spokes) => descriptors >= Fewest && MostFor(descriptors) >= Math.Min(MostAnywhere, spokes);

    /// <returns>False when it is one too many; <see cref="Leave"/> follows in any case.</returns>
    public bool Enter(IPAddress? address)
    {
        var all = Interlocked.Increment(ref _all);
        var mine = address is null ? 0 : _tally.Add(address, 1);
        return all <= most && mine <= Share && mine <= Math.Max(1, (most - (all - mine)) / 2);
    }

    /// <summary>
    /// True for an address with so many connections that no more of them may carry many requests at once: HTTP/2 costs memory for each stream,
    /// before anybody looks at it.
    /// </summary>
    public bool IsCrowd(IPAddress? address) => address is not null && _tally.Of(address) > Crowd;

    public void Leave(IPAddress? address)
    {
        Interlocked.Decrement(ref _all);
        if (address is not null)
        {
            _tally.Remove(address, 1);
        }
    }
}
