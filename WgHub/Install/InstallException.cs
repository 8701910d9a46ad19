namespace WgHub.Install;

/// <summary>An installation, an upgrade or a removal is refused, or failed.</summary>
/// <param name="message">A sentence, with what to do instead.</param>
internal sealed class InstallException(string message, int exitCode = InstallException.Failed) : Exception(message)
{
    public const int Failed = 1;

    /// <summary>The files are a package's: its own tools put them in and take them away.</summary>
    public const int OfPackage = 3;

    /// <summary>What was given is wrong; EX_USAGE of sysexits(3).</summary>
    public const int Usage = 64;

    public int ExitCode => exitCode;
}
