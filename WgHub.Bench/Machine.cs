using System.Globalization;

namespace WgHub.Bench;

/// <summary>What the machine tells about itself and about who else uses it.</summary>
internal static class Machine
{
    /// <summary>Unit of the times in /proc; fixed for programs whatever the kernel's own tick, see proc(5) and sysconf(3).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time used so far: by us and all we started, and by the whole machine, in seconds.</summary>
    /// <remarks>The bench runs in a process namespace of its own, so whatever /proc lists is ours; /proc/stat counts everyone.</remarks>
    public static (double Ours, double All) ProcessorSeconds()
    {
        var ours = Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])).Sum(SecondsOf);
        var all = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // cpu user nice system idle iowait irq softirq steal
        return (ours, all[1..9].Where((_, column) => column is not 3 and not 4).Sum(Ticks) / TicksPerSecond);
    }

    /// <summary>Processor time used so far by a process, and by the children that it has seen end, in seconds.</summary>
    public static (double Own, double Children) ProcessorSecondsOf(int processId)
    {
        var times = TimesOf($"/proc/{processId}");
        return (times[..2].Sum(), times[2..].Sum());
    }

    /// <summary>Resident memory of a process in MiB.</summary>
    public static double ResidentMiB(int processId) =>
        Ticks(
            File.ReadLines($"/proc/{processId}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    public static string Describe()
    {
        var system = File.ReadLines("/etc/os-release").First(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)).Split('"')[1];
        var tunnel = Directory.Exists("/sys/module/wireguard") ? "kernel WireGuard" : "wireguard-go";
        return $"{Environment.ProcessorCount} cores, {system}, {tunnel}";
    }

    /// <summary>A process's own time and that of the children it has seen end.</summary>
    private static double SecondsOf(string process)
    {
        try
        {
            return TimesOf(process).Sum();
        }
        catch (IOException)
        {
            return 0; // it has ended since
        }
    }

    /// <summary>utime, stime, cutime and cstime of proc(5), in seconds.</summary>
    private static double[] TimesOf(string process)
    {
        // The name, field 2, may hold anything: the numbers begin behind its last parenthesis, with field 3.
        var stat = File.ReadAllText($"{process}/stat");
        return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Select(ticks => Ticks(ticks) / TicksPerSecond)];
    }

    private static double Ticks(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
