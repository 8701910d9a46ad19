using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Hosting;

namespace WgHub.Install;

/// <summary>An upgrade that is under way: a file beside the program. As long as it is there, whoever comes brings the upgrade to its end.</summary>
/// <param name="From">The version that is replaced.</param>
/// <param name="Data">The data directory of the service.</param>
/// <param name="Reason">Why it goes back; null while it goes on.</param>
internal sealed record UpgradeJournal(string From, string To, string Data, string? Reason = null)
{
    public const string File = $"{ServiceFiles.Binary}.upgrade.json";

    /// <summary>What came of the last one, for whoever waits for it; gone with the next boot.</summary>
    private const string OutcomeFile = "/run/wghub-upgrade.json";

    public static UpgradeJournal? Read() => System.IO.File.Exists(File)
        ? JsonSerializer.Deserialize(System.IO.File.ReadAllText(File), UpgradeJson.Default.UpgradeJournal)
        : null;

    /// <exception cref="InstallException">One is under way.</exception>
    public static void RequireNone()
    {
        if (System.IO.File.Exists(File))
        {
            throw new InstallException("An upgrade is under way: 'wghub upgrade' without a file waits for its end, 'journalctl -u wghub-upgrade' shows it.");
        }
    }

    public void Write() => ServiceFiles.Put(File, JsonSerializer.Serialize(this, UpgradeJson.Default.UpgradeJournal));

    /// <summary>From here on none is under way.</summary>
    public static void End(UpgradeOutcome outcome)
    {
        ServiceFiles.Put(OutcomeFile, JsonSerializer.Serialize(outcome, UpgradeJson.Default.UpgradeOutcome));
        System.IO.File.Delete(File);
        PrivateFiles.SyncFolderOf(File);
    }

    public static UpgradeOutcome? Outcome => System.IO.File.Exists(OutcomeFile)
        ? JsonSerializer.Deserialize(System.IO.File.ReadAllText(OutcomeFile), UpgradeJson.Default.UpgradeOutcome)
        : null;

    public static void Forget() => System.IO.File.Delete(OutcomeFile);
}

internal sealed record UpgradeOutcome(bool IsDone, string Sentence);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UpgradeJournal))]
[JsonSerializable(typeof(UpgradeOutcome))]
internal sealed partial class UpgradeJson : JsonSerializerContext;
