using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WgHub.TestKit;

namespace WgHub.Hosting;

public sealed class LogFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-log-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "logs", "hub.log");

    private FileInfo[] Files => [.. new DirectoryInfo(System.IO.Path.GetDirectoryName(Path)!).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_file_is_its_owners_alone_and_only_so_many_stay()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var file = new LogFile(Path, retainedFiles: 3, new(isJson: true, TimeProvider.System), largestBytes: 2_000);
        using (file.Logger)
        {
            File.SetUnixFileMode(Files[0].FullName, OwnerOnly | UnixFileMode.OtherRead);
            WriteMany(file, 100);
        }

        var reopened = new LogFile(Path, retainedFiles: 3, new(isJson: true, TimeProvider.System), largestBytes: 2_000);
        reopened.Logger.Dispose();

        Assert.Equal(3, Files.Length);
        Assert.All(Files, written => Assert.Equal(OwnerOnly, written.UnixFileMode));
        Assert.All(Files, written => Assert.Matches(@"\Ahub\d{8}_\d{3}\.log\z", written.Name));
        Assert.Equal(0, file.Lost);
    }

    [Fact]
    public void A_file_that_others_could_read_is_closed_to_them_when_it_is_opened()
    {
        new LogFile(Path, 3, new(isJson: true, TimeProvider.System)).Logger.Dispose();
        File.SetUnixFileMode(Files[0].FullName, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        new LogFile(Path, 3, new(isJson: true, TimeProvider.System)).Logger.Dispose();

        Assert.Equal(OwnerOnly, Assert.Single(Files).UnixFileMode);
    }

    [Fact]
    public async Task A_full_disk_tears_one_line_and_the_rest_is_whole()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        var file = new LogFile(System.IO.Path.Combine(disk.Folder.FullName, "hub.log"), 3, new(isJson: true, TimeProvider.System));
        using (file.Logger)
        {
            disk.Fill();
            WriteMany(file, 200);
            disk.Free();
            WriteMany(file, 5);
        }

        var lines = await File.ReadAllLinesAsync(disk.Folder.GetFiles("hub*").Single().FullName, TestContext.Current.CancellationToken);
        Assert.InRange(file.Lost, 100, 200);
        Assert.InRange(lines.Count(line => line.Length > 0 && !IsJson(line)), 0, 1);
        Assert.InRange(lines.Count(IsJson), 206 - file.Lost, 206);
        Assert.Equal(lines.Count(IsJson), lines.Where(IsJson).Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines[^5..], line => Assert.True(IsJson(line), line));
    }

    /// <summary>Root may write anywhere, so the folder is no folder any more.</summary>
    [Fact]
    public void What_cannot_be_opened_any_more_is_counted_as_lost()
    {
        var file = new LogFile(Path, 3, new(isJson: true, TimeProvider.System), largestBytes: 2_000);
        using (file.Logger)
        {
            _folder.GetDirectories()[0].Delete(recursive: true);
            File.WriteAllText(System.IO.Path.GetDirectoryName(Path)!, "");

            WriteMany(file, 100);
        }

        Assert.InRange(file.Lost, 80, 100);
        Assert.NotEqual("", file.Reason);
    }

    [Theory]
    [InlineData("/proc/wghub/hub.log")]
    [InlineData("/dev/null/hub.log")]
    [InlineData("/proc/hub.log")]
    public void A_place_that_takes_nothing_is_told_at_once(string path) =>
        Assert.StartsWith(
            $"Log:File {path} cannot be written: ",
            Assert.Throws<InvalidDataException>(() => new LogFile(path, 3, new(isJson: true, TimeProvider.System))).Message, StringComparison.Ordinal);

    /// <summary>A request's path may hold a token, and the framework has it in the scope of each event.</summary>
    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public void What_surrounds_an_event_stays_outside(string format)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(logging => logging.AddServerLog(
            new() { File = Path, Format = format }, "/", LogLevel.Information, TimeProvider.System));
        using (var provider = services.BuildServiceProvider())
        {
            var logger = provider.GetRequiredService<ILogger<LogFileTests>>();
            using (logger.BeginScope(new Dictionary<string, object> { ["RequestPath"] = "/i/planted" }))
            {
                logger.Log(LogLevel.Warning, new EventId(7, "spoke_seen"), "one\ntwo", null, (state, _) => state);
                logger.Log(LogLevel.Debug, default, "too little", null, (state, _) => state);
            }

            provider.GetRequiredService<LogFile>();
        }

        var text = File.ReadAllText(Files[0].FullName);
        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("too little", text, StringComparison.Ordinal);
        Assert.Matches(
            format == "json"
                ? @"\n\{""timestamp"":""[^""]+"",""level"":""WARN"",""event"":""spoke_seen"",""message"":""one\\ntwo"",""category"":""WgHub.Hosting.LogFileTests""\}\n\z"
                : @"\n[-0-9T:]+Z warn: WgHub\.Hosting\.LogFileTests\[7\] one two\n\z",
            text);
    }

    [Theory]
    [InlineData("debug", 4)]
    [InlineData("information", 3)]
    [InlineData("warning", 2)]
    [InlineData("error", 1)]
    public void What_is_less_than_the_level_is_not_told(string level, int told)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(logging => logging.AddServerLog(
            new() { File = Path, Level = level }, "/", level: null, TimeProvider.System));
        using (var provider = services.BuildServiceProvider())
        {
            var logger = provider.GetRequiredService<ILogger<LogFileTests>>();
            foreach (var each in new[] { LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error })
            {
                logger.Log(each, default, "planted", null, (state, _) => state);
            }
        }

        Assert.Equal(told, File.ReadAllLines(Files[0].FullName).Count(line => line.EndsWith("planted", StringComparison.Ordinal)));
    }

    private static void WriteMany(LogFile file, int count)
    {
        for (var i = 0; i < count; i++)
        {
            file.Logger.Information("Event {Number} of {Count} that takes some room on the disk, because it is told at length.", i, count);
        }
    }

    private static bool IsJson(string line)
    {
        try
        {
            using var read = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
