using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Names;

/// <summary>The file of names: whole, for everybody to read, and as the spokes are.</summary>
public sealed class HostsFileTests : HubTest
{
    private string HostsPath => Path.Combine(Hub.Folder.FullName, "hosts");

    private string Text => File.ReadAllText(HostsPath);

    private protected override TestHub Make() => new() { Settings = { ["Policy:Domain"] = "Example.Internal" } };

    [Fact]
    public async Task Each_spoke_and_the_hub_are_in_it_in_both_families()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);
        var (oslo, odd) = (await Hub.EnrolAsync("Oslo"), await Hub.EnrolAsync("odd_one"));
        (await Hub.Operator.PatchAsync($"/api/spoke/{oslo.Id}", new { addressV6 = Six("42") })).Expect(HttpStatusCode.OK);
        await Hub.TokenAsync("to-come");

        await PassAsync();

        Assert.Equal(
            $"""
            # Written by WgHub. Changes made here are overwritten.
            {Hub.Address(1)} hub.example.internal hub
            {Derived(Hub.Address(1))} hub.example.internal hub
            {oslo.Address} oslo.example.internal oslo
            {Six("42")} oslo.example.internal oslo
            # no host name: odd_one

            """, Text);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(HostsPath));
        var page = (await (await Hub.PersonAsync(Web.Roles.Operator)).GetAsync($"/spokes/{odd.Id}")).Body;
        Assert.Contains("none: A host name has letters", page, StringComparison.Ordinal);
        Assert.Contains("odd_one", (await (await Hub.PersonAsync(Web.Roles.Admin)).GetAsync("/settings/addresses")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_name_takes_the_place_of_the_former_and_who_goes_is_gone()
    {
        var (spoke, other) = (await Hub.EnrolAsync("before"), await Hub.EnrolAsync("other"));
        await PassAsync();

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = "after" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.DeleteAsync($"/api/spoke/{other.Id}")).Expect(HttpStatusCode.OK);
        await PassAsync();

        Assert.Contains($"{spoke.Address} after.example.internal after\n", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("before", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("other", Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_written_when_it_changed_and_when_it_is_gone()
    {
        await PassAsync();
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(HostsPath, old);

        await Hub.TokenAsync(); // a commit that changes no name
        await PassAsync();
        Assert.Equal(old, File.GetLastWriteTimeUtc(HostsPath));

        File.Delete(HostsPath);
        await PassAsync();
        Assert.Contains("hub.example.internal", Text, StringComparison.Ordinal);

        await Hub.RestartAsync();
        File.SetLastWriteTimeUtc(HostsPath, old);
        await PassAsync();
        Assert.Equal(old, File.GetLastWriteTimeUtc(HostsPath));
    }

    [Fact]
    public async Task By_itself_it_follows_within_seconds()
    {
        await Hub.EnrolAsync("quick");

        Assert.True(await Eventually.TrueAsync(
            () => File.Exists(HostsPath) && Text.Contains(" quick\n", StringComparison.Ordinal), TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task Whoever_reads_it_reads_the_one_or_the_other_whole()
    {
        await PassAsync();
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.EndsWith("\n", Text, StringComparison.Ordinal);
                    Assert.Contains(" hub\n", Text, StringComparison.Ordinal);
                }
            },
            Cancel);

        foreach (var _ in Enumerable.Range(0, 20))
        {
            await Hub.EnrolAsync();
            await PassAsync();
        }

        await stop.CancelAsync();
        await reading;
        Assert.Equal(["hosts"], Hub.Folder.GetFiles("*hosts*").Select(file => file.Name));
    }

    private Task PassAsync() => Hub.Get<HostsLoop>().RunOnceAsync(Cancel);

    private string Six(string host) => $"{Hub.Network6.Split("::/")[0]}::{host}";

    private string Derived(string address) =>
        new IPAddress([.. IPAddress.Parse(Six("0")).GetAddressBytes()[..12], .. IPAddress.Parse(address).GetAddressBytes()]).ToString();
}
