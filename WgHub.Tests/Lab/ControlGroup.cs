using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A control group for one spoke: without one, all systemds would share the caller's.</summary>
internal sealed class ControlGroup : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Where version 1 is still mounted, systemd wants its named hierarchy as well as the unified one.
    private static readonly string[] Hierarchies = Directory.Exists("/sys/fs/cgroup/unified")
        ? ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"]
        : ["/sys/fs/cgroup"];

    private const string MoveInAndBecome = """while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@" """;

    private readonly string[] _folders;

    public ControlGroup(string name)
    {
        _folders = [.. Hierarchies.Select(hierarchy => Path.Combine(hierarchy, name))];
        foreach (var folder in _folders)
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>The command line that runs a program in here.</summary>
    public string[] Enter(params string[] command) => ["sh", "-c", MoveInAndBecome, "sh", .. _folders, "--", .. command];

    /// <summary>A group can be removed as soon as the kernel has buried the last process in it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _folders)
        {
            await Eventually.TrueAsync(() => TryRemove(folder), Limit, CancellationToken.None);
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            foreach (var child in Directory.GetDirectories(folder))
            {
                TryRemove(child);
            }

            Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
