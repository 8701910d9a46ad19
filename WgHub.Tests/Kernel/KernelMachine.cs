using WgHub.TestKit;

namespace WgHub.Kernel;

/// <summary>One after the other: each has two processors to emulate.</summary>
[CollectionDefinition(nameof(KernelMachine))]
public sealed class KernelMachines;

/// <summary>
/// A machine with Debian's kernel, and so with its WireGuard, booted once for the tests of a class: the job, a script beside this file, does
/// all of it in there and reports.
/// </summary>
public abstract class KernelMachine(string job, params string[] kernelParameters) : IAsyncLifetime
{
    // More than boot.sh gives QEMU.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(440);

    private static readonly string? Machine = Environment.GetEnvironmentVariable("WGHUB_KERNEL");
    private static readonly string Binary = Environment.GetEnvironmentVariable("WGHUB_BINARY") ?? Repository.PathOf("dist/linux-x64/wghub");

    private readonly DirectoryInfo _results = Directory.CreateDirectory(Repository.PathOf("artifacts/test-results/kernel"));
    private string[] _report = [];

    private string Log => Path.Combine(_results.FullName, $"{job}.log");

    /// <summary>Puts what the job needs into a folder, which is /job/more there. Nothing, for most.</summary>
    private protected virtual Task PrepareAsync(string folder) => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Machine))
        {
            return;
        }

        var more = Directory.CreateTempSubdirectory("wghub-kernel-");
        await PrepareAsync(more.FullName);

        File.Delete(Log);
        var report = Path.Combine(_results.FullName, $"{job}.txt");
        using var boot = ShellProcess.Start(
            ["sh", Repository.PathOf("WgHub.Tests/Kernel/boot.sh"), Machine, Binary, job, more.FullName, report, .. kernelParameters], Log,
            new Dictionary<string, string>());
        if (!await boot.WaitForExitAsync(Limit, Cancel))
        {
            boot.Kill();
        }

        more.Delete(recursive: true);

        _report = await File.ReadAllLinesAsync(report, Cancel); // a terminal's lines: their ends are of two signs
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Fails the test of a scenario that did not end well, with what it said.</summary>
    internal void Passed(string scenario)
    {
        Assert.SkipUnless(Directory.Exists(Machine), "WGHUB_KERNEL names no machine with a kernel (WgHub.Tests/Kernel/machine.sh makes it).");

        var verdict = _report.SingleOrDefault(line => line.Split(' ') is [_, var name, _] && name == scenario);
        Assert.True(verdict is not null, $"The machine did not come to '{scenario}': see {Log}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{verdict} s");
        var said = _report.SkipWhile(line => line != verdict).Skip(1).TakeWhile(line => line.StartsWith("| ", StringComparison.Ordinal));
        Assert.True(verdict!.StartsWith("ok ", StringComparison.Ordinal), $"{verdict} s\n{string.Join('\n', said)}\nSee {Log}.");
    }
}
