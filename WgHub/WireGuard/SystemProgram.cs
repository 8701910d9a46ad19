namespace WgHub.WireGuard;

/// <param name="Output">Standard output, whole.</param>
/// <param name="Error">The first line of standard error that says something, or else the exit status.</param>
internal sealed record ProgramAnswer(int ExitCode, string Output, string Error);

/// <summary>A program of this machine that a command of ours asks, or has do something: systemctl, dpkg-query, another wghub.</summary>
internal static class SystemProgram
{
    /// <summary>Runs a program of which a failure is an answer, too.</summary>
    /// <param name="program">A name that PATH leads to, or a whole path.</param>
    /// <exception cref="WgException">Did not start, said too much, or ran past <paramref name="limit"/>.</exception>
    public static Task<ProgramAnswer> AskAsync(TimeSpan limit, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CommandRunner.AskAsync(limit, program, arguments, cancellationToken);

    /// <exception cref="WgException">The same, or it exited non-zero.</exception>
    public static Task RunAsync(TimeSpan limit, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CommandRunner.RunWithinAsync(limit, program, arguments, cancellationToken);

    /// <summary>What a program of somebody else's said, fit for a terminal: a line of it.</summary>
    public static string Plain(string line) => CommandRunner.Plain(line);
}
