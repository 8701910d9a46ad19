using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Web;

namespace WgHub.Features.Doctor;

internal static class DoctorEndpoints
{
    /// <summary>What it says of the machine (paths, other firewalls, what runs) is not for everybody who may look at spokes.</summary>
    public static void MapDoctor(this IEndpointRouteBuilder routes) => routes.MapGet("/api/doctor", ExamineAsync)
        .RequireAuthorization(Access.Operator)
        .WithTags("hub")
        .WithSummary("All that can stop a tunnel, looked at now, each finding with what mends it. Changes nothing.");

    private static async Task<Ok<DoctorReport>> ExamineAsync(Doctor doctor, CancellationToken cancellationToken) =>
        TypedResults.Ok(await doctor.ExamineAsync(cancellationToken));
}
