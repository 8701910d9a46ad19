namespace WgHub.Storage;

/// <summary>Where the hub keeps what must survive. Given by <c>--data</c>, not by a settings file.</summary>
/// <param name="Directory">Absolute path of the data directory.</param>
internal sealed record DataDirectory(string Directory)
{
    public string DatabaseFile => Path.Combine(Directory, "wghub.db");

    public string MasterKeyFile => Path.Combine(Directory, "master.key");

    public string SettingsFile => Path.Combine(Directory, "wghub.json");
}
