namespace WgHub.WireGuard;

/// <summary>A program that an operator has named in the settings, to be told of something.</summary>
internal static class OperatorsProgram
{
    /// <param name="program">Its whole path.</param>
    /// <exception cref="WgException">Did not start, exited non-zero, or ran past <paramref name="limit"/>; with what it said.</exception>
    public static Task RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        CommandRunner.RunWithinAsync(limit, program, arguments, cancellationToken);
}
