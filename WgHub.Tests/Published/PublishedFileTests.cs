namespace WgHub.Published;

[Trait("Kind", "Published")]
public sealed class PublishedFileTests
{
    [Fact]
    public void It_is_one_file_and_needs_none_beside_it() =>
        Assert.Equal([PublishedHub.Binary], Directory.GetFileSystemEntries(Path.GetDirectoryName(PublishedHub.Binary)!));

    [Fact]
    public void It_is_not_larger_than_110_MB() => Assert.InRange(new FileInfo(PublishedHub.Binary).Length, 1, 110_000_000);

    [Fact]
    public async Task It_tells_its_version()
    {
        await using var hub = new PublishedHub();

        var version = (await hub.RunAsync(["version"], Cancel)).OrThrow();

        Assert.Matches(@"\Awghub \d+\.\d+\.\d+ \((unknown|[0-9a-f]{12})\) \.NET 10\.\S+ linux-x64\n\z", version);
    }

    [Theory]
    [InlineData(null, "--frobnicate", "--frobnicate")]
    [InlineData(null, "--urls http://0.0.0.0:8080", "--urls")]
    [InlineData(null, "--config /nowhere.json", "/nowhere.json")]
    [InlineData("WGHUB_WireGuard__Interfaces=wg0", null, "WireGuard:Interfaces")]
    [InlineData("WGHUB_WireGuard__SampleSeconds=0", null, "SampleSeconds")]
    [InlineData("WGHUB_WireGuard__SampleSeconds=soon", null, "SampleSeconds")]
    public async Task A_bad_setting_stops_the_start_with_one_line_that_names_it(string? setting, string? options, string named)
    {
        await using var hub = new PublishedHub();

        var start = await hub.ServeAsync(setting, options?.Split(' ') ?? [], Cancel);

        Assert.Equal(64, start.ExitCode);
        Assert.Empty(start.Output);
        var line = Assert.Single(start.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
