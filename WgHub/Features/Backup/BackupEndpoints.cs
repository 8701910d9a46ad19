using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Backup.Age;
using WgHub.Web;

namespace WgHub.Features.Backup;

internal static class BackupEndpoints
{
    public static void MapBackups(this IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("/api").WithTags("backups").RequireAuthorization(Access.Admin);
        backups.MapGet("/backups", List).WithSummary("The backups that the hub keeps, the newest first, and how it stands with the schedule.");
        backups.MapPost("/backups", MakeAsync).WithSummary("Makes a backup. Answers when it is whole on the disk.");
        backups.MapGet("/backups/{id}/file", Download).WithSummary("The file: age, zstd, tar.");
        backups.MapPost("/backups/{id}/verify", VerifyAsync).WithSummary("Opens a backup as a restore would, in a place of its own, and says what it holds.");
    }

    private static Ok<BackupListDto> List(BackupFolder folder, BackupSchedule schedule, BackupState state, IOptions<BackupOptions> options)
    {
        var standing = schedule.Look();
        return TypedResults.Ok(new BackupListDto(
            folder.List(), standing.Last?.MadeAt, standing.Next, standing.IsLate, state.Failure?.Sentence, state.AfterFailure?.Sentence,
            options.Value.Keep));
    }

    private static async Task<Created<BackupMadeDto>> MakeAsync(BackupService service, HttpContext context, CancellationToken cancellationToken)
    {
        var (stored, made) = await service.MakeAsync(context.ToActor(), cancellationToken);
        return TypedResults.Created(
            (string?)null, new BackupMadeDto(stored.Id, stored.MadeAt, stored.Size, made.Sha256, made.Manifest.Spokes, made.Manifest.Version));
    }

    private static PhysicalFileHttpResult Download(string id, BackupFolder folder) =>
        TypedResults.PhysicalFile(folder.FileOfStored(id), "application/octet-stream", $"{id}.age");

    private static async Task<Ok<BackupVerifiedDto>> VerifyAsync(string id, VerifyBackup? request, BackupService service, CancellationToken cancellationToken)
    {
        var manifest = await service.VerifyAsync(id, request?.ToIdentity(), cancellationToken);
        return TypedResults.Ok(new BackupVerifiedDto(id, manifest.MadeAt, manifest.Version, manifest.Spokes, manifest.Files));
    }
}

/// <summary>What opens a backup, where the hub does not have it. It is used for this and kept nowhere.</summary>
internal sealed record VerifyBackup
{
    /// <summary>A secret key of age's.</summary>
    public string? Identity { get; init; }

    public string? Passphrase { get; init; }

    /// <exception cref="AppException">It is none.</exception>
    public AgeIdentity? ToIdentity() => Identity is { Length: > 0 }
        ? AgeX25519Identity.TryParse(Identity.Trim())
            ?? throw WebErrors.Invalid("identity", "This is no secret key of age's: they begin with AGE-SECRET-KEY-1.")
        : Passphrase is { Length: > 0 } ? new AgePassphrase(Passphrase).Identity : null;

    public override string ToString() => "***";
}

/// <param name="LastGood">When the newest was made; null for none.</param>
/// <param name="Next">When the next one is due; null without a schedule.</param>
/// <param name="Late">True when one should be there by now and is not.</param>
/// <param name="Failure">Why the last try failed; null when it did not.</param>
/// <param name="AfterFailure">Why what is run after a backup failed; null when it did not.</param>
internal sealed record BackupListDto(
    IReadOnlyList<StoredBackup> Backups, DateTimeOffset? LastGood, DateTimeOffset? Next, bool Late, string? Failure, string? AfterFailure, int Keep);

/// <param name="Size">In bytes.</param>
internal sealed record BackupMadeDto(string Id, DateTimeOffset MadeAt, long Size, string Sha256, long Spokes, string Version);

internal sealed record BackupVerifiedDto(string Id, DateTimeOffset MadeAt, string Version, long Spokes, IReadOnlyList<BackupPart> Files);
