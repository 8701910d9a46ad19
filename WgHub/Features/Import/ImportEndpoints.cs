using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

internal static class ImportEndpoints
{
    public static void MapImport(this IEndpointRouteBuilder routes)
    {
        var import = routes.MapGroup("/api/import").WithTags("import").RequireAuthorization(Access.Admin).WithMetadata(new LargeBodyAttribute());
        import.MapPost("/plan", PlanAsync).WithSummary("What taking over the running interface, or an export of another tool, would do. Changes nothing.");
        import.MapPost("/apply", ApplyAsync).WithSummary("Does what a plan said, named by its hash.");
    }

    private static async Task<Ok<ImportPlanDto>> PlanAsync(
        ImportRequest request, ImportPlanner planner, RunningInterface running, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            ImportPlanDto.From(await planner.PlanAsync(await request.SourceAsync(running, cancellationToken), request.ToWish(), cancellationToken)));

    private static async Task<Ok<ImportDoneDto>> ApplyAsync(
        ImportRequest request, ImportService service, RunningInterface running, HttpContext context, CancellationToken cancellationToken)
    {
        var done =
            await service.ApplyAsync(
                await request.SourceAsync(running, cancellationToken), request.ToWish(), request.Plan, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new ImportDoneDto("Imported.", done.Added, done.Known, done.LeftOut));
    }
}

/// <param name="Running">True: the interface that is up on this machine.</param>
/// <param name="Files">Else: another tool's files, each in base64.</param>
/// <param name="Hub">Settings of a hub that is not set up yet; what is missing comes from the source.</param>
/// <param name="Names">Names by public key, where others than the plan's are wanted.</param>
/// <param name="WithoutIPv6">True: IPv6 addresses that this hub would not give are left out.</param>
/// <param name="Plan">The plan that is to be done.</param>
internal sealed record ImportRequest(
    bool? Running = null, IReadOnlyList<string>? Files = null, HubForm? Hub = null, IReadOnlyDictionary<string, string>? Names = null,
    bool? WithoutIPv6 = null, string? Plan = null)
{
    public ImportWish ToWish() => new(Hub ?? new(), Names ?? new Dictionary<string, string>(), WithoutIPv6 ?? false);

    public async Task<ImportSource> SourceAsync(RunningInterface running, CancellationToken cancellationToken) =>
        Running == true ? await running.ReadAsync(cancellationToken) : ExportFiles.Read([.. (Files ?? []).Select(Bytes)], running.Name);

    private static byte[] Bytes(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return Convert.TryFromBase64String(base64 ?? "", bytes, out var length) ? bytes[..length] : throw ImportErrors.Unreadable("A file is not in base64.");
    }
}

/// <param name="State"><c>add</c>, <c>known</c> or <c>blocked</c>.</param>
internal sealed record PlannedSpokeDto(
    string Name, string? NameThere, string PublicKey, string? Address, IReadOnlyList<string> Networks, bool PresharedKey, bool Enabled,
    DateTimeOffset? ExpiresAt, string State, IReadOnlyList<string> Problems, IReadOnlyList<string> Remarks)
{
    public static PlannedSpokeDto From(PlannedSpoke spoke) => new(
        spoke.Name.Text,
        spoke.Source.Name,
        spoke.Key?.ToString() ?? "",
        spoke.Address is { } address ? Ipv4Network.ToText(address) : null,
        [.. spoke.Networks.Select(network => network.ToString())],
        spoke.PresharedKey is not null,
        spoke.Source.IsEnabled,
        spoke.Source.ExpiresAt,
        spoke.Known is not null ? "known" : spoke.IsAdded ? "add" : "blocked",
        spoke.Problems,
        spoke.Remarks);
}

/// <param name="Plan">Its hash, for apply.</param>
/// <param name="Blocks">Sentences: why it cannot be applied. None when it can.</param>
internal sealed record ImportPlanDto(
    string Plan, string Source, string? NetworkCIDR, string? HubPublicKey, int Added, int Known, int LeftOut, IReadOnlyList<string> Blocks,
    IReadOnlyList<string> Notices, IReadOnlyList<PlannedSpokeDto> Spokes)
{
    public static ImportPlanDto From(ImportPlan plan) => new(
        plan.Hash,
        plan.Source.Kind,
        plan.Target?.Network.ToString(),
        plan.Target?.HubKey?.ToString(),
        plan.Added,
        plan.Known,
        plan.LeftOut,
        plan.Blocks,
        plan.Notices,
        [.. plan.Spokes.Select(PlannedSpokeDto.From)]);
}

internal sealed record ImportDoneDto(string Message, int Added, int Known, int LeftOut);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportPlanDto))]
[JsonSerializable(typeof(ImportDoneDto))]
internal sealed partial class ImportJson : JsonSerializerContext;
