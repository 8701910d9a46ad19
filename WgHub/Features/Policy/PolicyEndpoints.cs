using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Policy;

internal static class PolicyEndpoints
{
    public static void MapPolicy(this IEndpointRouteBuilder routes)
    {
        var policy = routes.MapGroup("/api").WithTags("policy");
        policy.MapGet("/policy", Show)
            .RequireAuthorization(Access.Viewer)
            .WithSummary("The rules that say who may reach whom, and the tests that they have to pass.");
        policy.MapGet("/policy/check", Check).RequireAuthorization(Access.Viewer).WithSummary("Whether one may reach another, by which rule, or why not.");
        policy.MapPut("/policy", SaveAsync)
            .RequireAuthorization(Access.Admin)
            .Produces<PolicyDto>()
            .WithSummary("Replaces rules and tests in one step; with dryRun only tells what would change. Goes back by itself with confirmSeconds.");
        policy.MapPost("/policy/confirm", ConfirmAsync)
            .RequireAuthorization(Access.Admin)
            .WithSummary("Keeps a change that was made with confirmSeconds, over another connection than the change's.");
    }

    private static Ok<PolicyDto> Show(PolicyStore policies, PolicyUses uses, Database database, HttpResponse response) =>
        Answer(policies.Find(database.OwnHub) ?? throw Leases.LeaseErrors.HubNotInitialized(), uses, response);

    private static Ok<PolicyVerdictDto> Check(PolicyService service, Database database, string? from, string? to, string? protocol, int? port) =>
        TypedResults.Ok(PolicyVerdictDto.From(service.Check(database.OwnHub, from, to, protocol, port)));

    private static async Task<IResult> SaveAsync(
        PolicyWish wish, PolicyService service, PolicyUses uses, Database database, HttpContext context,
        bool? dryRun, int? confirmSeconds, string? planHash, CancellationToken cancellationToken)
    {
        if (dryRun == true)
        {
            return TypedResults.Ok(PolicyPlanDto.From(service.Plan(database.OwnHub, wish)));
        }

        var how = new PolicySave(RevisionOf(context.Request), planHash, confirmSeconds, context.Connection.Id);
        var saved = await service.SaveAsync(database.OwnHub, wish, how, context.ToActor(), cancellationToken);
        if (saved.ConfirmUntil is not null)
        {
            context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return Answer(saved, uses, context.Response);
    }

    private static async Task<Ok<PolicyDto>> ConfirmAsync(
        ConfirmPolicy request, PolicyService service, PolicyUses uses, Database database, HttpContext context, CancellationToken cancellationToken) =>
        Answer(
            await service.ConfirmAsync(database.OwnHub, request.Revision, context.Connection.Id, context.ToActor(), cancellationToken), uses, context.Response);

    private static Ok<PolicyDto> Answer(PolicyState state, PolicyUses uses, HttpResponse response)
    {
        response.Headers.ETag = $"\"{state.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(PolicyDto.From(state, uses.All(state.Hub)));
    }

    /// <summary>Of the header If-Match; null where there is none.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    private static long? RevisionOf(HttpRequest request) => request.Headers.IfMatch.ToString() switch
    {
        "" or "*" => null,
        var text when long.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) => revision,
        _ => throw WebErrors.Malformed("If-Match has the revision that was read, such as \"7\"."),
    };
}

/// <summary>What is asked of <c>POST /api/policy/confirm</c>.</summary>
internal sealed record ConfirmPolicy(long? Revision = null);

/// <param name="Uses">By id of a rule; one that was never used is missing.</param>
/// <param name="SpokeToSpoke">The hub's switch, which is a rule besides these.</param>
internal sealed record PolicyDto(
    long Revision, IReadOnlyList<PolicyRuleDto> Rules, IReadOnlyList<PolicyTestDto> Tests, string Masquerades, bool SpokeToSpoke, DateTimeOffset? ConfirmUntil,
    IReadOnlyDictionary<string, PolicyUseDto> Uses)
{
    public static PolicyDto From(PolicyState state, IReadOnlyDictionary<string, PolicyUse> uses) => new(
        state.Revision,
        [.. state.Document.Rules.Select(PolicyRuleDto.Of)],
        [.. state.Document.Tests.Select(PolicyTestDto.Of)],
        state.Document.Masquerades,
        state.SpokeToSpoke,
        state.ConfirmUntil,
        uses.ToDictionary(use => use.Key, use => new PolicyUseDto(use.Value.Packets, use.Value.Bytes, use.Value.LastUsed)));
}

internal sealed record PolicyUseDto(long Packets, long Bytes, DateTimeOffset? LastUsed);

/// <param name="PlanHash">To be given back when it is done.</param>
internal sealed record PolicyPlanDto(long Revision, IReadOnlyList<string> Diff, IReadOnlyList<FailedTestDto> FailedTests, string PlanHash)
{
    public static PolicyPlanDto From(PolicyPlan plan) => new(
        plan.Before.Revision, plan.Diff, [.. plan.FailedTests.Select(one => new FailedTestDto(PolicyTestDto.Of(one.Test), one.Verdict.Because))], plan.Hash);
}

internal sealed record FailedTestDto(PolicyTestDto Test, string Because);

/// <param name="Rule">Null when none allows it.</param>
internal sealed record PolicyVerdictDto(bool Allowed, PolicyRuleDto? Rule, string Because)
{
    public static PolicyVerdictDto From(PolicyVerdict verdict) =>
        new(verdict.IsAllowed, verdict.Rule is { } rule ? PolicyRuleDto.Of(rule) : null, verdict.Because);
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConfirmPolicy))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(PolicyDto))]
[JsonSerializable(typeof(PolicyPlanDto))]
[JsonSerializable(typeof(PolicyVerdictDto))]
[JsonSerializable(typeof(PolicyWish))]
internal sealed partial class PolicyJson : JsonSerializerContext;
