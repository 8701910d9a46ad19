using WgHub.Features.Backup.Age;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>A data directory, somewhere else to keep a backup of it, and what opens that.</summary>
public abstract class BackupTest : IAsyncDisposable
{
    private const string Passphrase = "a long road to Narvik";

    internal static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    private protected static readonly string Binary = Path.Combine(AppContext.BaseDirectory, "wghub");

    private protected Wghub Hub { get; } = new();

    private protected DirectoryInfo Elsewhere { get; } = Directory.CreateTempSubdirectory("wghub-elsewhere-");

    private protected string Backup => Path.Combine(Elsewhere.FullName, "hub.age");

    private protected string KeyFile => Path.Combine(Elsewhere.FullName, "key");

    public ValueTask DisposeAsync()
    {
        Hub.Dispose();
        Elsewhere.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected async Task TokenAsync(string name) => (await Hub.RunAsync("api-token", "create", "--name", name, "--role", "viewer")).OrThrow();

    private protected async Task<string> TokensAsync() => (await Hub.RunAsync("api-token", "list")).OrThrow();

    private protected Task<ShellResult> MakeAsync() => Hub.RunAsync("backup", Backup, "--passphrase-file", PassphraseFile());

    private protected Task<ShellResult> RestoreAsync(params string[] more) => Hub.RunAsync(["restore", Backup, "--passphrase-file", PassphraseFile(), .. more]);

    private protected async Task<string> KeyAsync()
    {
        await File.WriteAllTextAsync(KeyFile, $"# of the test\n{Owner.Reveal()}\n", Cancel);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead);
        return KeyFile;
    }

    private protected string PassphraseFile(string text = Passphrase, UnixFileMode mode = UnixFileMode.UserRead)
    {
        var file = Path.Combine(Elsewhere.FullName, $"passphrase-{text.Length}-{(int)mode}");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, $"{text}\n");
            File.SetUnixFileMode(file, mode);
        }

        return file;
    }

    private protected static Task<string> KeyOf(Wghub wghub) => File.ReadAllTextAsync(Path.Combine(wghub.Data.FullName, "master.key"), Cancel);

    private protected static IReadOnlyList<string> Names(Wghub wghub, string but = "-") => [.. wghub.Data.EnumerateFileSystemInfos()
        .Select(file => file.Name).Where(name => !name.StartsWith(but, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
