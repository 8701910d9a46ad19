using WgHub.TestKit;

namespace WgHub.Features.Hub;

/// <summary>On a machine that forwards by default: no spoke may reach another, not for a moment either.</summary>
public sealed class ForwardingTests : HubTest
{
    private const string Default = "/proc/sys/net/ipv4/conf/default/forwarding";

    /// <summary>A wg that writes down how the interface's switch stands whenever peers are added.</summary>
    private const string Witness =
        """
        #!/bin/sh
        [ "$1" != addconf ] || cat "/proc/sys/net/ipv4/conf/$2/forwarding" >>"$0.seen"
        exec wg "$@"

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-forwarding-");
    private readonly string _before = File.ReadAllText(Default);
    private readonly string _wg;

    public ForwardingTests() => _wg = Path.Combine(_folder.FullName, "wg");

    private protected override TestHub Make() => new() { Settings = { ["WireGuard:WgCommand"] = _wg } };

    public override async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_wg, Witness, Cancel);
        File.SetUnixFileMode(_wg, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Default, "1", Cancel);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await File.WriteAllTextAsync(Default, _before, CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_off_before_the_first_peer_is_on()
    {
        var spoke = await Hub.EnrolAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Hub.ReconcileAsync();

        Assert.Contains(spoke.Key, await Wg.PeersAsync(Hub.Interface));
        Assert.Equal(["0", "0"], await File.ReadAllLinesAsync($"{_wg}.seen", Cancel));
    }
}
