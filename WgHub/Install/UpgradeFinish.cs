using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Install;

/// <summary>
/// Brings an upgrade to its end, or back, from wherever it stands. It runs as the version before, in a unit that systemd starts again when it is
/// killed. Where it stands, the files say: the journal is there until all is over; with a reason in it, it goes back; and as long as the next program
/// is there under that name, nothing was exchanged.
/// </summary>
internal static class UpgradeFinish
{
    public const string Keep = "keep", PutBack = "put-back", Drop = "drop";

    private static readonly TimeSpan CopyLimit = TimeSpan.FromMinutes(5);

    /// <returns>Null when none is under way.</returns>
    public static async Task<UpgradeOutcome?> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (UpgradeJournal.Read() is not { } journal)
        {
            return null;
        }

        if (journal.Reason is null)
        {
            if (await ExchangeAsync(journal, time, cancellationToken) is not { } reason)
            {
                var done = new UpgradeOutcome(true, $"wghub {journal.To} runs; before it was {journal.From}.");
                UpgradeJournal.End(done);
                await DataAsync(Drop, journal, cancellationToken);
                NewBinary.TakeAway();
                return done;
            }

            journal = journal with { Reason = reason };
            journal.Write();
        }

        var back = await GoBackAsync(journal, time, cancellationToken);
        UpgradeJournal.End(back);
        NewBinary.TakeAway();
        return back;
    }

    /// <summary>One of the steps on the data, as whoever owns them: root touches nothing in a folder of somebody else's.</summary>
    public static string? OnData(string step, DataDirectory data, TimeProvider time)
    {
        Privileges.BecomeOwnerOf(data.Directory);
        switch (step)
        {
            case Keep:
                KeptData.Keep(data);
                return null;
            case PutBack:
                return KeptData.PutBack(data, time);
            default:
                KeptData.Drop(data);
                return null;
        }
    }

    /// <returns>Null when the new one is ready, else why it goes back.</returns>
    private static async Task<string?> ExchangeAsync(UpgradeJournal journal, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(NewBinary.Next))
            {
                await Systemctl.RunAsync(cancellationToken, "stop", Systemctl.Service);
                await DataAsync(Keep, journal, cancellationToken);
                ServiceFiles.Replace(NewBinary.Next, ServiceFiles.Binary);
            }

            await RestartAsync(cancellationToken);
            return await Readiness.WaitAsync(time, cancellationToken);
        }
        catch (Exception exception) when (exception is WgException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static async Task<UpgradeOutcome> GoBackAsync(UpgradeJournal journal, TimeProvider time, CancellationToken cancellationToken)
    {
        var aside = "";
        if (!File.Exists(NewBinary.Next))
        {
            await Systemctl.TryAsync(cancellationToken, "stop", Systemctl.Service);
            aside = await DataAsync(PutBack, journal, cancellationToken) is { Length: > 0 } folder ? $" What {journal.To} left is in {folder}." : "";
            ServiceFiles.CopyProgram(NewBinary.Previous, ServiceFiles.Binary, $"{ServiceFiles.Binary}.new");
        }
        else
        {
            await DataAsync(Drop, journal, cancellationToken); // nothing was exchanged, and what was copied is in the way where the disk is full
        }

        await RestartAsync(cancellationToken);
        var ready = await Readiness.WaitAsync(time, cancellationToken) is { } also
            ? $"Back on wghub {journal.From}, which is not ready either: {also}"
            : $"Back on wghub {journal.From} with its database.";
        return new(false, $"wghub {journal.To} could not take over. {journal.Reason} {ready}{aside}");
    }

    private static async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Systemctl.TryAsync(cancellationToken, "reset-failed", Systemctl.Service);
        await Systemctl.RunAsync(cancellationToken, "restart", Systemctl.Service);
    }

    /// <summary>In a process of its own, which becomes the owner of the data for good.</summary>
    /// <exception cref="WgException">It could not.</exception>
    private static async Task<string> DataAsync(string step, UpgradeJournal journal, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(journal.Data))
        {
            return "";
        }

        var told = await SystemProgram.AskAsync(
            CopyLimit, Environment.ProcessPath!, ["upgrade", "--step", step, "--data", journal.Data], cancellationToken);
        return told.ExitCode == 0 ? told.Output.Trim() : throw new WgException(told.Error);
    }
}
