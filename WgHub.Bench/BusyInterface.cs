using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WgHub.Bench;

/// <summary>
/// A wg in front of the real one whose dump is a file: thousands of peers that shake hands every two minutes and of which a fifth has
/// moved something every two seconds. A small real program, cheaper than any wg, so that what is measured is the hub.
/// </summary>
internal sealed class BusyInterface : IAsyncDisposable
{
    private const string Script =
        """
        #!/bin/sh
        case "$1 $3" in
        'show dump') [ -e "$0.dump" ] && exec cat "$0.dump" ;;
        addconf* | set*) exec cat >/dev/null ;;
        esac
        exec wg "$@"

        """;

    private const long HandshakeSeconds = 120;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end = new();
    private readonly string _privateKey = Programs.Read("wg", "genkey").Trim();
    private readonly BusyPeer[] _peers;
    private Task _moving = Task.CompletedTask;

    public BusyInterface(string folder, int peers)
    {
        Program = Path.Combine(folder, "wg");
        File.WriteAllText(Program, Script);
        Programs.Run("chmod", "700", Program);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        _peers = [.. Enumerable.Range(2, peers).Select(host => new BusyPeer(host, now - RandomNumberGenerator.GetInt32((int)HandshakeSeconds)))];
    }

    public string Program { get; }

    /// <summary>The interface as wg-quick's file: what an import takes.</summary>
    public string Conf =>
        $"[Interface]\nPrivateKey = {_privateKey}\nAddress = 10.64.0.1/16\nListenPort = 51820\n\n{string.Concat(_peers.Select(peer => peer.Conf))}";

    /// <summary>From now on the dump is ours, and moves.</summary>
    public void Begin()
    {
        var publicKey = Programs.Read("sh", "-c", "echo \"$0\" | wg pubkey", _privateKey).Trim();
        Write(publicKey);
        _moving = Task.Run(() => MoveAsync(publicKey));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _moving;
        _end.Dispose();
    }

    private async Task MoveAsync(string publicKey)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, _end.Token);
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
                foreach (var peer in _peers.Where(_ => RandomNumberGenerator.GetInt32(5) == 0))
                {
                    peer.Move(now, HandshakeSeconds);
                }

                Write(publicKey);
            }
        }
        catch (OperationCanceledException)
        {
            // The bench is over.
        }
    }

    private void Write(string publicKey)
    {
        var text = new StringBuilder($"{_privateKey}\t{publicKey}\t51820\toff\n", _peers.Length * 170);
        foreach (var peer in _peers)
        {
            text.Append(peer.Line);
        }

        File.WriteAllText($"{Program}.dump.new", text.ToString());
        File.Move($"{Program}.dump.new", $"{Program}.dump", overwrite: true);
    }

    private sealed class BusyPeer(int host, long handshake)
    {
        private readonly string _key = NewKey();
        private readonly string _presharedKey = NewKey();
        private readonly string _address = string.Create(CultureInfo.InvariantCulture, $"10.64.{host >> 8}.{host & 255}/32");
        private readonly string _endpoint = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{host & 255}:{1024 + host}");
        private long _handshake = handshake;
        private long _received = 148;
        private long _sent = 92;

        public string Conf => $"# spoke-{host}\n[Peer]\nPublicKey = {_key}\nPresharedKey = {_presharedKey}\nAllowedIPs = {_address}\n\n";

        public string Line => $"{_key}\t{_presharedKey}\t{_endpoint}\t{_address}\t{_handshake}\t{_received}\t{_sent}\toff\n";

        public void Move(long now, long handshakeSeconds)
        {
            (_received, _sent) = (_received + 148, _sent + 92);
            _handshake = now - _handshake < handshakeSeconds ? _handshake : now;
        }

        private static string NewKey()
        {
            var key = RandomNumberGenerator.GetBytes(32);
            key[31] &= 0x7f; // Curve25519 has no such bit, RFC 7748
            return Convert.ToBase64String(key);
        }
    }
}
