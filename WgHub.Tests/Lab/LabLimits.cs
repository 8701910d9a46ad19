using System.Globalization;

namespace WgHub.Lab;

/// <summary>
/// What the Lab needs of the kernel, which all its machines share with everything else here. Past the limit a path unit of systemd fails, or
/// wireguard-go ends without a word, on whichever machine comes last.
/// </summary>
internal static class LabLimits
{
    private const string InotifyFile = "/proc/sys/fs/inotify/max_user_instances";

    /// <summary>Of all machines at once: systemd, its daemons and each unit that waits for a path take about thirty on one.</summary>
    private const int InotifyInstances = 8192;

    /// <summary>A single scenario of ten machines.</summary>
    private const int LeastInotifyInstances = 512;

    /// <summary>Never lowers one.</summary>
    /// <exception cref="InvalidOperationException">It is too low, and cannot be raised from here.</exception>
    public static void Raise()
    {
        var now = Read();
        if (now >= InotifyInstances)
        {
            return;
        }

        try
        {
            File.WriteAllText(InotifyFile, InotifyInstances.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (now < LeastInotifyInstances && exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The Lab needs inotify instances, and has {now}: sysctl -w fs.inotify.max_user_instances={InotifyInstances}, on the host of a container.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Of a container that may not: likely enough as it is.
        }
    }

    public static int Read() => int.Parse(File.ReadAllText(InotifyFile), CultureInfo.InvariantCulture);
}
