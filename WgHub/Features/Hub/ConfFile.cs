using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// The copy for a boot without us: <c>wg-quick up wg0</c> brings everyone back. Written whole under another name, synced, renamed,
/// 0600. It is only written, never read: the database is the truth. One that somebody else wrote is kept beside it.
/// </summary>
internal sealed partial class ConfFile(HubStore hubs, PeerStore peers, IOptions<WireGuardOptions> options, ILogger<ConfFile> logger)
{
    private const string Signature = "# Written by WgHub for a boot without it.";

    private byte[] _written = [];
    private string? _told;

    /// <summary>Writes the file when it would differ from the one written last. A failure is told and tried again at the next pass: the tunnels do not need the file.</summary>
    public async Task WriteAsync(HubConfig hub, CancellationToken cancellationToken)
    {
        if (!options.Value.WriteConfig)
        {
            return;
        }

        try
        {
            var text = Encoding.UTF8.GetBytes(Render(hub));
            var hash = SHA256.HashData(text);
            var fileName = Path.Combine(options.Value.ConfigDirectory, $"{hub.InterfaceName}.conf");
            if (!_written.AsSpan().SequenceEqual(hash) || !File.Exists(fileName))
            {
                await ReplaceAsync(fileName, text, cancellationToken);
            }

            (_written, _told) = (hash, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageException)
        {
            if (_told != exception.Message)
            {
                LogFailed(exception.Message);
                _told = exception.Message;
            }
        }
    }

    private string Render(HubConfig hub)
    {
        var all = peers.All();
        var text = new StringBuilder(512 + (all.Count * 170));
        text.Append(Signature).Append(" Changes made here are overwritten.\n[Interface]\nPrivateKey = ").Append(hubs.PrivateKey().Reveal())
            .Append("\nListenPort = ").Append(hub.ListenPort.ToString(CultureInfo.InvariantCulture))
            .Append("\nAddress = ").Append(hub.InterfaceAddress6 is { } address6 ? $"{hub.InterfaceAddress}, {address6}" : hub.InterfaceAddress)
            .Append("\nMTU = ").Append(hub.Mtu.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var peer in all.Where(peer => peer is { IsWanted: true, Address: not null }).OrderBy(peer => peer.Address).Select(hub.TargetFor))
        {
            text.Append("\n[Peer]\nPublicKey = ").Append(peer.Key);
            if (peer.PresharedKey is { } presharedKey)
            {
                text.Append("\nPresharedKey = ").Append(presharedKey.Reveal());
            }

            text.Append("\nAllowedIPs = ").Append(peer.AllowedIPs).Append('\n');
        }

        return text.ToString();
    }

    private async Task ReplaceAsync(string fileName, byte[] text, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.ConfigDirectory);
        var draft = fileName + ".wghub-new";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(draft); // one that was left by a crash may have another mode
        await using (var file = new FileStream(draft, how))
        {
            await file.WriteAsync(text, cancellationToken);
#pragma warning disable CA1849 // FlushAsync does not reach the disk
            file.Flush(flushToDisk: true);
#pragma warning restore CA1849
        }

        KeepStrangers(fileName);
        File.Move(draft, fileName, overwrite: true);
    }

    /// <summary>Somebody's own file may be the only place that knows their keys and hooks.</summary>
    private void KeepStrangers(string fileName)
    {
        if (!File.Exists(fileName) || File.ReadLines(fileName).FirstOrDefault("").StartsWith(Signature, StringComparison.Ordinal))
        {
            return;
        }

        var kept = Enumerable.Range(1, 100).Select(number => number == 1 ? $"{fileName}.before-wghub" : string.Create(CultureInfo.InvariantCulture, $"{fileName}.before-wghub.{number}")).First(name => !File.Exists(name));
        File.Copy(fileName, kept);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        LogKept(Path.GetFileName(kept));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A conf file that the hub did not write is kept as {Name}.")]
    private partial void LogKept(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The conf file for a boot without the hub could not be written: {Reason}")]
    private partial void LogFailed(string reason);
}
