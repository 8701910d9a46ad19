namespace WgHub.Storage;

/// <summary>
/// Held by the one process that serves a data directory or exchanges its master key. The system frees it when that process ends, however it
/// ends.
/// </summary>
internal sealed class DataLock : IDisposable
{
    private const int HeldOnLinux = 11; // EWOULDBLOCK of flock(2)
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020); // ERROR_SHARING_VIOLATION

    private readonly FileStream _file;

    /// <exception cref="StorageException">Another process holds it.</exception>
    public DataLock(DataDirectory data)
    {
        try
        {
            _file = new(data.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            throw new StorageException("A hub runs on this data directory already. Stop it first.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
