using WgHub.TestKit;

namespace WgHub.Published;

/// <summary>The file for machines that are not like this one, started by an emulator. test.sh makes it and names what it needs.</summary>
[Trait("Kind", "Published")]
public sealed class OtherMachinesTests : IDisposable
{
    private static readonly string? Libraries = Environment.GetEnvironmentVariable("WGHUB_ARM64_ROOT");
    private static readonly string Binary = Environment.GetEnvironmentVariable("WGHUB_ARM64_BINARY") ?? Repository.PathOf("dist/linux-arm64/wghub");

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("wghub-arm64-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task The_file_for_arm64_tells_its_version() =>
        Assert.Matches(@"\Awghub \d+\.\d+\.\d+ \((unknown|[0-9a-f]{12})\) \.NET 10\.\S+ linux-arm64\n\z", await RunAsync("version"));

    /// <summary>It makes a database with the SQLite of that machine, from memory.</summary>
    [Fact]
    public async Task The_file_for_arm64_makes_a_hubs_data()
    {
        var code = await RunAsync("setup-code", "--data", _data.FullName);

        Assert.Matches("[0-9A-Z]{4}-", code);
        Assert.Contains("wghub.db", _data.GetFiles().Select(file => file.Name));
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        Assert.SkipUnless(Directory.Exists(Libraries), "WGHUB_ARM64_ROOT names no libraries of arm64 (WgHub.Tests/Published/arm64.sh fetches them).");
        Assert.SkipUnless(File.Exists(Binary), $"There is no {Binary}: make it with ./publish.sh --runtime linux-arm64.");

        return (await Shell.RunAsync(["qemu-aarch64-static", "-L", Libraries!, Binary, .. command], TestContext.Current.CancellationToken)).OrThrow();
    }
}
