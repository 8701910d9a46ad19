using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>The database file: whole, ours, and of a schema that this wghub knows.</summary>
internal sealed class DatabaseCheck(DataDirectory data) : Check
{
    public override string Name => "database";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>([Look(cancellationToken)]);

    private DoctorFinding Look(CancellationToken cancellationToken)
    {
        if (!File.Exists(data.DatabaseFile))
        {
            return Directory.Exists(data.Directory) && data.HasDatabase
                ? Failure(
                    "DATABASE_MISSING", "There is no database file wghub.db, but what is left of one.",
                    "Put a backup in its place: wghub restore FILE (docs/backup.md).")
                : Ok("There is no database yet. The first start makes it.");
        }

        var (standing, sentence) = DatabaseLook.Examine(data, cancellationToken);
        return standing switch
        {
            DatabaseStanding.Newer => Failure("DATABASE_NEWER", sentence, "Run the newer wghub again, or restore the copy made before its upgrade."),
            DatabaseStanding.Older => Warning("DATABASE_OLDER", sentence, "Start the hub with this wghub: systemctl restart wghub"),
            DatabaseStanding.Unreadable => Failure(
                "DATABASE_UNREADABLE", sentence,
                "Look as root: sudo wghub doctor. Its content may be whole; what is said there has to be mended first."),
            DatabaseStanding.Damaged => Failure("DATABASE_DAMAGED", sentence, "Put a backup in its place: wghub restore FILE (docs/backup.md)."),
            _ => Ok("The database is whole."),
        };
    }
}
