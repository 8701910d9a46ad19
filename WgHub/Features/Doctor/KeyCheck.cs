using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>Whether the master key is at hand, and this database's.</summary>
internal sealed class KeyCheck(DataDirectory data, Database database) : Check
{
    public override string Name => "key";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => Task.FromResult(Look(facts));

    private IReadOnlyList<DoctorFinding> Look(HubFacts facts)
    {
        try
        {
            using var key = DatabaseKey.OpenToLook(data, database);
            return [Ok("The master key opens the database.")];
        }
        catch (Exception exception) when (exception is StorageException or InvalidDataException)
        {
            if (facts.Hub is null && database.Read(DatabaseKey.IsDue))
            {
                return [Ok("There is no master key yet. The first start makes one, or takes the one that it is given.")];
            }

            const string Way = "Give the one that was used at the set-up, as the hub gets it: in master.key, WGHUB_MASTER_KEY or a systemd credential.";
            return [facts.ServedBy is null
                ? Failure("MASTER_KEY_WRONG", exception.Message, Way)
                : Warning("MASTER_KEY_NOT_HERE", $"A hub runs, so it has its key; here it is not known. {exception.Message}", Way)];
        }
    }
}
