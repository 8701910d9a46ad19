using System.Text.RegularExpressions;
using WgHub.Hosting;

namespace WgHub.Install;

/// <summary>What an installation is, besides its data: the one file, two units and what keeps networkd's hands off. The texts are the package's, too.</summary>
internal static partial class ServiceFiles
{
    public const string Binary = "/usr/local/bin/wghub";
    public const string DefaultData = "/var/lib/wghub";
    public const string User = "wghub";
    public const string Unit = "/etc/systemd/system/wghub.service";
    public const string Defaults = "/etc/default/wghub";
    private const string UpgradeUnit = "/etc/systemd/system/wghub-upgrade.service";

    /// <summary>By this line we know a unit of ours again.</summary>
    private const string Mark = "# Made by 'wghub install', which writes it anew. What you change belongs in wghub.service.d/*.conf: systemctl edit wghub\n";

    private const string Folder = "templates/service/";
    private const string UnitTemplate = "templates/wghub.service";
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly (string Path, string Template)[] Besides =
    [
        (UpgradeUnit, $"{Folder}upgrade.service"),
        ("/etc/systemd/networkd.conf.d/10-wghub.conf", $"{Folder}networkd.conf"),
        ("/etc/systemd/network/05-wghub.network", $"{Folder}unmanaged.network"),
    ];

    /// <summary>All but the binary and the settings.</summary>
    public static IEnumerable<string> All => [Unit, .. Besides.Select(file => file.Path)];

    /// <summary>The line of sysusers.d(5) that the service's user is.</summary>
    public static string UserLine => EmbeddedFiles.ReadText($"{Folder}sysusers.conf").Split('\n').First(line => line is [not '#', ..]);

    /// <summary>The unit for a service whose data lie there.</summary>
    public static string UnitText(string data)
    {
        var template = EmbeddedFiles.ReadText(UnitTemplate);
        var unit = Mark + template[template.IndexOf("[Unit]", StringComparison.Ordinal)..];
        return data == DefaultData
            ? unit
            : unit.Replace("StateDirectory=wghub\nStateDirectoryMode=0700\n", $"ReadWritePaths={data}\n", StringComparison.Ordinal)
                .Replace($"={DefaultData}\n", $"={data}\n", StringComparison.Ordinal)
                .Replace($"={DefaultData}/", $"={data}/", StringComparison.Ordinal);
    }

    /// <summary>The unit that is there, if it is ours: made by us, or our template as it is, put there by hand.</summary>
    /// <exception cref="InstallException">It is somebody else's.</exception>
    public static string? OwnUnit()
    {
        if (!Path.Exists(Unit) && new FileInfo(Unit).LinkTarget is null)
        {
            return null;
        }

        var text = new FileInfo(Unit).LinkTarget is null && File.Exists(Unit) ? File.ReadAllText(Unit) : "";
        return text.StartsWith(Mark, StringComparison.Ordinal) || text == EmbeddedFiles.ReadText(UnitTemplate)
            ? text
            : throw new InstallException($"{Unit} is there and was not made by wghub install. It stays as it is; nothing was changed.");
    }

    /// <summary>Where the service of a unit keeps its data.</summary>
    public static string DataOf(string unit) => DataLine().Match(unit) is { Success: true } line ? line.Groups[1].Value : DefaultData;

    /// <summary>False for a folder that holds things of others, and nothing of a hub's: it may have been named by mistake.</summary>
    public static bool IsForHub(string data) =>
        !Directory.Exists(data)
        || !Directory.EnumerateFileSystemEntries(data).Any()
        || Directory.EnumerateFileSystemEntries(data, "wghub*").Any()
        || File.Exists(Path.Combine(data, "master.key"));

    /// <returns>What was written.</returns>
    public static IReadOnlyList<string> WriteBesides() =>
        [.. Besides.Where(file => Put(file.Path, EmbeddedFiles.ReadText(file.Template))).Select(file => file.Path)];

    /// <summary>The settings as they come, or with other addresses to serve at. What is there stays, but for that line.</summary>
    /// <param name="urls">Null for those that are there, or the package's own.</param>
    /// <returns>False when it says so already.</returns>
    public static bool WriteDefaults(string? urls)
    {
        var text = File.Exists(Defaults) ? File.ReadAllText(Defaults) : EmbeddedFiles.ReadText($"{Folder}default");
        var line = $"WGHUB_URLS={urls}";
        return Put(
            Defaults, urls is null ? text : UrlsLine().IsMatch(text) ? UrlsLine().Replace(text, _ => line) : $"{text.TrimEnd('\n')}\n{line}\n");
    }

    /// <summary>Writes a file that all may read: whole, or not at all.</summary>
    /// <returns>False when it says so already.</returns>
    public static bool Put(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            return false;
        }

        MakeFolderOf(path);
        var draft = $"{path}.new";
        File.Delete(draft);
        using (var stream = PrivateFiles.Create(draft))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        PrivateFiles.SetMode(draft, ForAll);
        Replace(draft, path);
        return true;
    }

    /// <summary>The same bytes in another place, as a program that all may run.</summary>
    /// <param name="draft">Beside <paramref name="path"/>; null to leave it under this name until it is replaced.</param>
    public static void CopyProgram(string from, string path, string? draft = null)
    {
        MakeFolderOf(path);
        File.Delete(draft ?? path);
        using (var source = File.OpenRead(from))
        using (var stream = PrivateFiles.Create(draft ?? path))
        {
            source.CopyTo(stream);
            stream.Flush(flushToDisk: true);
        }

        PrivateFiles.SetMode(draft ?? path, ForAll | Enter);
        if (draft is not null)
        {
            Replace(draft, path);
        }
    }

    /// <summary>One rename: before it there is the one file, after it the other, also on the disk.</summary>
    public static void Replace(string draft, string path)
    {
        File.Move(draft, path, overwrite: true);
        PrivateFiles.SyncFolderOf(path);
    }

    /// <summary>For networkd and others, who are not root: a folder that is made here is not for its owner alone.</summary>
    private static void MakeFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            MakeFolderOf(folder);
            Directory.CreateDirectory(folder);
            PrivateFiles.SetMode(folder, ForAll | Enter);
        }
    }

    [GeneratedRegex("^Environment=WGHUB_DATA=(.+)$", RegexOptions.Multiline)]
    private static partial Regex DataLine();

    [GeneratedRegex("^WGHUB_URLS=.*$", RegexOptions.Multiline)]
    private static partial Regex UrlsLine();
}
