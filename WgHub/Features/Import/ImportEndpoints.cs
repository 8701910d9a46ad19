using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

internal static class ImportEndpoints
{
    public static void MapImport(this IEndpointRouteBuilder routes)
    {
        var import = routes.MapGroup("/api/import").WithTags("import").RequireAuthorization(Access.Admin).RequireConfirmation()
            .WithMetadata(new LargeBodyAttribute());
        import.MapPost("/plan", PlanAsync).WithSummary("What taking over the running interface, or an export of another tool, would do. Changes nothing.");
        import.MapPost("/apply", ApplyAsync).WithSummary("Does what a plan said, named by its hash.");
    }

    private static async Task<Ok<ImportPlanDto>> PlanAsync(
        ImportRequest request, ImportPlanner planner, RunningInterface running, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(await request.SourceAsync(running, cancellationToken), request.ToWish(), cancellationToken);
        plan.ThrowIfImpossible();
        return TypedResults.Ok(ImportPlanDto.From(plan));
    }

    private static async Task<Ok<ImportDoneDto>> ApplyAsync(
        ImportRequest request, ImportService service, RunningInterface running, HttpContext context, CancellationToken cancellationToken)
    {
        var done =
            await service.ApplyAsync(
                await request.SourceAsync(running, cancellationToken), request.ToWish(), request.Plan, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new ImportDoneDto("Imported.", done.Added, done.Known, done.LeftOut));
    }
}

internal sealed record ImportRequest
{
    /// <summary>True: the interface that is up on this machine.</summary>
    public bool? Running { get; init; }

    /// <summary>Else: another tool's files, each in base64.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>Settings of a hub that is not set up yet; what is missing comes from the source.</summary>
    public HubForm? Hub { get; init; }

    /// <summary>Names by public key, where others than the plan's are wanted.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>Addresses by public key, for peers that have none in the network, or several.</summary>
    public IReadOnlyDictionary<string, string>? Addresses { get; init; }

    /// <summary>Public keys of peers that are left out, though they lose their connection by that.</summary>
    public IReadOnlyList<string>? LeaveOut { get; init; }

    /// <summary>True: IPv6 addresses that this hub does not have are left out.</summary>
    public bool? WithoutIPv6 { get; init; }

    /// <summary>True: networks behind peers that cannot come are left out.</summary>
    public bool? WithoutNetworks { get; init; }

    /// <summary>True: the hub may lose addresses besides its own in the network.</summary>
    public bool? WithoutAddresses { get; init; }

    /// <summary>The plan that is to be done.</summary>
    public string? Plan { get; init; }

    public ImportWish ToWish() => new(Hub ?? new())
    {
        Names = Names ?? new Dictionary<string, string>(),
        Addresses = Addresses ?? new Dictionary<string, string>(),
        LeaveOut = (LeaveOut ?? []).ToHashSet(),
        WithoutIPv6 = WithoutIPv6 ?? false,
        WithoutNetworks = WithoutNetworks ?? false,
        WithoutAddresses = WithoutAddresses ?? false,
    };

    /// <summary>Reads a file beside everything else, and gives up with the caller.</summary>
    public async Task<ImportSource> SourceAsync(RunningInterface running, CancellationToken cancellationToken) =>
        Running == true
            ? await running.ReadAsync(cancellationToken)
            : ExportFiles.Read([.. (Files ?? []).Select(Bytes)], running.Name, cancellationToken);

    private static byte[] Bytes(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return Convert.TryFromBase64String(base64 ?? "", bytes, out var length) ? bytes[..length] : throw ImportErrors.Unreadable("A file is not in base64.");
    }
}

internal sealed record PlannedSpokeDto
{
    public required string Name { get; init; }

    public required string? NameThere { get; init; }

    public required string PublicKey { get; init; }

    public required string? Address { get; init; }

    /// <summary>Its IPv6 address, where it does not follow from the IPv4 one.</summary>
    public required string? AddressV6 { get; init; }

    public required IReadOnlyList<string> Networks { get; init; }

    public required bool PresharedKey { get; init; }

    public required bool Enabled { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary><c>add</c>, <c>known</c>, <c>leftOut</c> or <c>blocked</c>.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<string> Problems { get; init; }

    public required IReadOnlyList<string> Remarks { get; init; }

    public static PlannedSpokeDto From(PlannedSpoke spoke) => new()
    {
        Name = spoke.Name.Text,
        NameThere = spoke.Source.Name,
        PublicKey = spoke.Key?.ToString() ?? "",
        Address = spoke.Address is { } address ? Ipv4Network.ToText(address) : null,
        AddressV6 = spoke.Address6?.Address.ToString(),
        Networks = [.. spoke.Networks.Select(network => network.ToString())],
        PresharedKey = spoke.PresharedKey is not null,
        Enabled = spoke.Source.IsEnabled,
        ExpiresAt = spoke.Source.ExpiresAt,
        State = spoke.Known is not null ? "known" : spoke.IsAdded ? "add" : spoke.IsLeftOut ? "leftOut" : "blocked",
        Problems = spoke.Problems,
        Remarks = spoke.Remarks,
    };
}

internal sealed record ImportPlanDto
{
    /// <summary>Its hash, for apply.</summary>
    public required string Plan { get; init; }

    public required string Source { get; init; }

    public required string? NetworkCIDR { get; init; }

    public required string? HubPublicKey { get; init; }

    public required int Added { get; init; }

    public required int Known { get; init; }

    public required int LeftOut { get; init; }

    /// <summary>Sentences: why it cannot be applied. None when it can.</summary>
    public required IReadOnlyList<string> Blocks { get; init; }

    public required IReadOnlyList<string> Notices { get; init; }

    public required IReadOnlyList<PlannedSpokeDto> Spokes { get; init; }

    public static ImportPlanDto From(ImportPlan plan) => new()
    {
        Plan = plan.Hash,
        Source = plan.Source.Kind,
        NetworkCIDR = plan.Target?.Network.ToString(),
        HubPublicKey = plan.Target?.HubKey?.ToString(),
        Added = plan.Added,
        Known = plan.Known,
        LeftOut = plan.LeftOut,
        Blocks = plan.Blocks,
        Notices = plan.Notices,
        Spokes = [.. plan.Spokes.Select(PlannedSpokeDto.From)],
    };
}

internal sealed record ImportDoneDto(string Message, int Added, int Known, int LeftOut);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportPlanDto))]
[JsonSerializable(typeof(ImportDoneDto))]
internal sealed partial class ImportJson : JsonSerializerContext;
