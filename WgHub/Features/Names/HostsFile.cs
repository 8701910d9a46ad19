using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Names;

/// <summary>
/// The file of names on the disk, for a DNS server to read: written whole under another name, synced, renamed, readable by all. One that
/// somebody else wrote, such as the machine's own, is left as it is.
/// </summary>
internal sealed class HostsFile(DataDirectory data, IOptions<NameOptions> options)
{
    public const string Signature = "# Written by WgHub.";

    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private byte[] _written = [];

    /// <summary>Null for nowhere.</summary>
    public string? Path => options.Value.HostsFile is { Length: > 0 } name ? System.IO.Path.Combine(data.Directory, name) : null;

    /// <summary>Writes the text when it differs from the one that lies there.</summary>
    /// <exception cref="IOException">The disk is full, the folder is missing, or the file is somebody else's.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var hash = SHA256.HashData(bytes);
        if (_written.AsSpan().SequenceEqual(hash) && File.Exists(path))
        {
            return;
        }

        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        if (before.Length > 0 && !before.StartsWith(Signature, StringComparison.Ordinal))
        {
            throw new IOException($"{path} is not of this hub. Name another file as Policy:HostsFile.");
        }

        if (before != text)
        {
            await ReplaceAsync(path, bytes, cancellationToken);
        }

        _written = hash;
    }

    /// <summary>The draft begins with a dot: a DNS server that reads the whole folder passes it by.</summary>
    private static async Task ReplaceAsync(string path, byte[] text, CancellationToken cancellationToken)
    {
        var draft = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}.new");
        File.Delete(draft); // one that was left by a crash may have another mode
        try
        {
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await file.WriteAsync(text, cancellationToken);
#pragma warning disable CA1849 // FlushAsync does not reach the disk
                file.Flush(flushToDisk: true);
#pragma warning restore CA1849
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(draft, ForAll); // not at its making: whatever this process makes is for its owner alone
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft); // on a disk that is full, half a file would keep it so
            throw;
        }

        PrivateFiles.SyncFolderOf(path);
    }
}
