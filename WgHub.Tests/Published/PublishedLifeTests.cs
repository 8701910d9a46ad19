using System.Net;
using WgHub.TestKit;

namespace WgHub.Published;

[Trait("Kind", "Published")]
public sealed class PublishedLifeTests : IAsyncLifetime
{
    // The data folder alone can be written to, and nothing in it can be run: there is no place to unpack anything to.
    private const string ReadOnly =
        """mount --bind "$1" "$1" && mount -o remount,bind,ro / && mount -o remount,bind,noexec "$1" && shift && exec "$@" """;

    private readonly PublishedHub _hub = new();
    private ApiClient? _admin;
    private string _key = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        return _hub.DisposeAsync();
    }

    [Fact]
    public async Task SIGTERM_ends_it_well_and_the_next_start_finds_everything()
    {
        await _hub.StartAsync(Cancel);
        await EnrolAsync();

        Assert.Equal(0, await _hub.StopAsync(Cancel));

        await FindEverythingAsync();
    }

    [Fact]
    public async Task After_kill_9_the_next_start_finds_everything()
    {
        await _hub.StartAsync(Cancel);
        await EnrolAsync();

        await _hub.KillAsync(Cancel);

        await FindEverythingAsync();
    }

    [Fact]
    public async Task It_runs_where_nothing_but_its_data_can_be_written()
    {
        await _hub.StartAsync(Cancel, "unshare", "--mount", "--propagation", "private", "sh", "-c", ReadOnly, "sh", _hub.Data.FullName);

        await EnrolAsync();

        Assert.Equal([_key], (await Wg.PeersAsync(_hub.Interface)).Keys);
    }

    private async Task EnrolAsync()
    {
        _admin = await _hub.SignInAsync("admin", Cancel);
        await _hub.SetUpAsync(_admin);
        _key = await _admin.EnrolAsync("oslo");
    }

    /// <summary>The tunnel lives while there is no hub; the next one takes it over as it is, knows its spoke and takes in more.</summary>
    private async Task FindEverythingAsync()
    {
        var link = await LinkAsync();
        Assert.Equal([_key], (await Wg.PeersAsync(_hub.Interface)).Keys);

        await _hub.StartAsync(Cancel);

        Assert.Equal(link, await LinkAsync());
        Assert.Equal([_key], (await Wg.PeersAsync(_hub.Interface)).Keys);
        var list = (await _admin!.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        Assert.Equal(_key, Assert.Single(list.At("spokes").EnumerateArray()).GetProperty("publicKey").GetString());
        await _admin.EnrolAsync("turin");
        Assert.Equal(2, (await Wg.PeersAsync(_hub.Interface)).Count);
    }

    /// <summary>The interface as ip(8) shows it, with the number that a new one would not have.</summary>
    private Task<string> LinkAsync() => Wg.RunAsync($"ip -oneline link show dev {_hub.Interface}");
}
