using WgHub.Hosting;

namespace WgHub.Storage;

internal static class StorageServices
{
    /// <summary>The database of a data directory and the key to its secrets.</summary>
    public static void AddStorage(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton(data);
        services.AddSingleton<Database>();
        services.AddSingleton(provider => DatabaseKey.Open(data, provider.GetRequiredService<Database>()));
        services.AddSingleton<DataLock>();
        services.AddLoop<DatabaseWatch>();
    }
}
