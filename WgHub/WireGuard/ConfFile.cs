using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>
/// The copy for a boot without us: <c>wg-quick up wg0</c> brings everyone back. Written whole under another name, synced, renamed,
/// 0600. It is only written, never read: the database is the truth. One that somebody else wrote is kept beside it.
/// </summary>
internal sealed partial class ConfFile(string name, IOptions<WireGuardOptions> options, ILogger<ConfFile> logger)
{
    private const string Signature = "# Written by WgHub for a boot without it.";

    private byte[] _written = [];
    private (DeviceSpec Spec, IReadOnlyDictionary<PublicKey, PeerTarget?> Peers)? _rendered;
    private string? _told;

    private string FileName => Path.Combine(options.Value.ConfigDirectory, $"{name}.conf");

    /// <summary>
    /// Writes the file when it would differ from the one written last. A failure is told and tried again at the next pass: the tunnels do not
    /// need the file.
    /// </summary>
    /// <param name="wanted">The same object as before holds the same peers: then nothing is rendered.</param>
    public async Task WriteAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken)
    {
        var isSame = _rendered is { } before && before.Spec == spec && ReferenceEquals(before.Peers, wanted);
        if (!options.Value.WriteConfig || (isSame && File.Exists(FileName)))
        {
            return;
        }

        try
        {
            var text = Encoding.UTF8.GetBytes(Render(spec, wanted));
            var hash = SHA256.HashData(text);
            if (!_written.AsSpan().SequenceEqual(hash) || !File.Exists(FileName))
            {
                await ReplaceAsync(text, cancellationToken);
            }

            (_written, _rendered, _told) = (hash, (spec, wanted), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_told != exception.Message)
            {
                LogFailed(exception.Message);
                _told = exception.Message;
            }
        }
    }

    private static string Render(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted)
    {
        var text = new StringBuilder(512 + (wanted.Count * 170));
        text.Append(Signature).Append(" Changes made here are overwritten.\n[Interface]\nPrivateKey = ").Append(spec.PrivateKey.Reveal())
            .Append("\nListenPort = ").Append(spec.ListenPort.ToString(CultureInfo.InvariantCulture))
            .Append("\nAddress = ").AppendJoin(", ", spec.Addresses)
            .Append("\nMTU = ").Append(spec.Mtu.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var peer in wanted.Values.OfType<PeerTarget>().Where(peer => peer.AllowedIPs.Length > 0).OrderBy(AddressOf))
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

    /// <summary>A peer's own address is the first of its networks.</summary>
    private static uint AddressOf(PeerTarget peer) => Ipv4Network.TryParseAddress(peer.AllowedIPs.Split('/', 2)[0], out var address) ? address : 0;

    private async Task ReplaceAsync(byte[] text, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.ConfigDirectory);
        var draft = FileName + ".wghub-new";
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

        KeepStrangers();
        File.Move(draft, FileName, overwrite: true);
    }

    /// <summary>Somebody's own file may be the only place that knows their keys and hooks.</summary>
    private void KeepStrangers()
    {
        if (!File.Exists(FileName) || File.ReadLines(FileName).FirstOrDefault("").StartsWith(Signature, StringComparison.Ordinal))
        {
            return;
        }

        var kept = Enumerable.Range(1, 100)
            .Select(number => number == 1 ? $"{FileName}.before-wghub" : string.Create(CultureInfo.InvariantCulture, $"{FileName}.before-wghub.{number}"))
            .First(file => !File.Exists(file));
        File.Copy(FileName, kept);
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
