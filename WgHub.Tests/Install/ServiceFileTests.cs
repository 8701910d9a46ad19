using System.Text.RegularExpressions;
using WgHub.Hosting;
using WgHub.TestKit;

namespace WgHub.Install;

public sealed partial class ServiceFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-install-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>One source: what the package is made of, is what the file itself writes.</summary>
    [Fact]
    public async Task The_unit_is_the_packages_but_for_the_programs_place()
    {
        var recipe = await File.ReadAllTextAsync(Repository.PathOf("build/deb/make.sh"), Cancel);
        var sed = PackagesUnit().Match(recipe).Groups[1].Value;
        var package = (await Shell.RunAsync(["sed", sed, Repository.PathOf("templates/wghub.service")], Cancel)).OrThrow();

        var own = ServiceFiles.UnitText(ServiceFiles.DefaultData);

        Assert.StartsWith("[Unit]\n", package, StringComparison.Ordinal);
        Assert.Equal(package.Replace("/usr/bin/wghub", ServiceFiles.Binary, StringComparison.Ordinal), string.Join('\n', own.Split('\n')[1..]));
        Assert.Equal(ServiceFiles.DefaultData, ServiceFiles.DataOf(own));
    }

    [Fact]
    public void Another_place_of_the_data_is_all_that_the_unit_may_write()
    {
        var unit = ServiceFiles.UnitText("/srv/hub");

        Assert.Equal("/srv/hub", ServiceFiles.DataOf(unit));
        Assert.Contains("\nReadWritePaths=/srv/hub\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nEnvironment=WGHUB_WireGuard__ConfigDirectory=/srv/hub/wireguard\n", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("StateDirectory", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("=/var/lib/wghub\n", unit, StringComparison.Ordinal);
        Assert.Equal("u wghub - \"WgHub\" - -", ServiceFiles.UserLine);
    }

    /// <summary>Whatever the process was told of others: networkd is not root.</summary>
    [Fact]
    public void What_is_written_is_for_all_to_read_and_written_once()
    {
        PrivateFiles.Enforce();
        var file = Path.Combine(_folder.FullName, "conf.d", "10.conf");

        Assert.True(ServiceFiles.Put(file, "one\n"));
        Assert.False(ServiceFiles.Put(file, "one\n"));
        Assert.True(ServiceFiles.Put(file, "two\n"));

        Assert.Equal("two\n", File.ReadAllText(file));
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(file));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        Assert.Equal(["10.conf"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("https://0.0.0.0:443", "https://127.0.0.1:443/readyz")]
    [InlineData("https://0.0.0.0:443;http://0.0.0.0:80", "https://127.0.0.1:443/readyz http://127.0.0.1:80/readyz")]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/readyz")]
    [InlineData("http://+", "http://127.0.0.1:80/readyz")]
    [InlineData("https://[::]:8443", "https://[::1]:8443/readyz")]
    [InlineData("https://[fd00::1]", "https://[fd00::1]:443/readyz")]
    [InlineData("http://10.1.2.3:81/", "http://10.1.2.3:81/readyz")]
    [InlineData("http://localhost:5000", "http://127.0.0.1:5000/readyz")]
    [InlineData("https://vpn.example.com", "https://127.0.0.1:443/readyz")]
    public void It_is_asked_where_it_listens(string urls, string probes) =>
        Assert.Equal(probes.Split(' ').Select(probe => new Uri(probe)), RunningService.ProbesOf(urls));

    [Theory]
    [InlineData("1.0.0", "1.0.1", -1)]
    [InlineData("1.9.0", "1.10.0", -1)]
    [InlineData("2.0.0", "1.10.9", 1)]
    [InlineData("1.0.0", "1.0.0", 0)]
    [InlineData("1.0.0-rc1", "1.0.0", -1)]
    [InlineData("1.0.0-rc1", "1.0.0-rc2", -1)]
    public void A_version_is_newer_or_older(string one, string other, int order) => Assert.Equal(order, Math.Sign(Upgrade.Compare(one, other)));

    [GeneratedRegex("""sed "([^"]+)" templates/wghub.service""")]
    private static partial Regex PackagesUnit();
}
