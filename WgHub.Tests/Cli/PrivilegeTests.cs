using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>Root's commands on the data of a hub that runs as a user of its own.</summary>
public sealed class PrivilegeTests : IDisposable
{
    private const string Nobody = "nobody";
    private const string NoGroup = "nogroup";

    private readonly Wghub _wghub = new();

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task What_they_make_belongs_to_the_hubs_user()
    {
        (await Shell.RunAsync(["chown", $"{Nobody}:{NoGroup}", _wghub.Data.FullName], Cancel)).OrThrow();
        (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "viewer")).OrThrow();
        (await _wghub.RunAsync("setup-code")).OrThrow();

        var owners = (await Shell.RunAsync(["find", _wghub.Data.FullName, "-printf", "%u %g %f\n"], Cancel)).OrThrow().TrimEnd('\n').Split('\n');

        Assert.Contains($"{Nobody} {NoGroup} wghub.db", owners);
        Assert.All(owners, line => Assert.StartsWith($"{Nobody} {NoGroup} ", line, StringComparison.Ordinal));
    }
}
