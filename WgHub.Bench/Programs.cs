using System.Diagnostics;

namespace WgHub.Bench;

#pragma warning disable RS0030 // The bench measures what starting a program costs.

/// <summary>Starts programs in the barest way .NET has: no pipe that is not needed.</summary>
internal static class Programs
{
    /// <summary>Runs to the end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Check(process, program, arguments);
    }

    /// <returns>What it printed.</returns>
    /// <inheritdoc cref="Run"/>
    public static string Read(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Check(process, program, arguments);
        return output;
    }

    /// <inheritdoc cref="Run"/>
    public static void Feed(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Check(process, program, arguments);
    }

    private static void Check(Process process, string program, string[] arguments)
    {
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments.Take(3))}: exit {process.ExitCode}");
        }
    }
}
