using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Diagnosis;

internal static class DiagnosisEndpoints
{
    public static void MapDiagnosis(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/spoke/{id}/diagnosis", ExamineAsync).WithMetadata(new ShowsPeersAttribute()).RequireAuthorization(Access.Viewer).WithTags("spokes")
            .WithSummary("Why a spoke is not connected, as far as the hub can see; the cause first. Sends two datagrams through the tunnel.");

    private static async Task<Ok<DiagnosisDto>> ExamineAsync(string id, Diagnostician diagnostician, TimeProvider time, CancellationToken cancellationToken)
    {
        var (spoke, findings) = await diagnostician.ExamineAsync(id, cancellationToken);
        return TypedResults.Ok(new DiagnosisDto(spoke.Id, spoke.Name, spoke.StatusAt(time.GetUtcNow()), findings));
    }
}

internal sealed record DiagnosisDto(string SpokeId, string SpokeName, SpokeStatus Status, IReadOnlyList<Finding> Findings);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DiagnosisDto))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
