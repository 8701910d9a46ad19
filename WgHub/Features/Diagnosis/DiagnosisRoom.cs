using WgHub.Web;

namespace WgHub.Features.Diagnosis;

/// <summary>Why a spoke is not connected.</summary>
internal static class DiagnosisRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapDiagnosis(),
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<HubSurroundings>();
        services.AddSingleton<Diagnostician>();
        services.AddApiJson(DiagnosisJson.Default);
    }
}
