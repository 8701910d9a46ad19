using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace WgHub.Hosting;

/// <summary>Settings that somebody reads: all others stop the start.</summary>
/// <param name="Names">In the form <c>Section:Key</c>.</param>
/// <param name="Check">Reads them, so that a wrong one stops the start as well.</param>
internal sealed record KnownSettings(IReadOnlyList<string> Names, Action<IServiceProvider> Check);

internal static class RoomOptions
{
    /// <summary>Registers the settings of a room, all at once: where they are read from, that they are known, and that they are checked at the start.</summary>
    /// <param name="bind">Always <c>static (section, options) => section.Bind(options)</c>: the compiler writes the code that binds where it
    /// sees the type.</param>
    public static OptionsBuilder<T> AddRoomOptions<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator>(
        this IServiceCollection services, string section, Action<IConfigurationSection, T> bind)
        where T : class
        where TValidator : class, IValidateOptions<T>
    {
        services.AddSingleton(new KnownSettings([.. Settings.NamesOf<T>(section)], provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        services.AddSingleton<IValidateOptions<T>, TValidator>();
        return services.AddOptions<T>().Configure<IConfiguration>((options, settings) =>
        {
            SettingValues.Check<T>(settings.GetSection(section));
            bind(settings.GetSection(section), options);
        });
    }
}
