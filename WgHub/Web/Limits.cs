using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Web;

/// <summary>Counts what one address does, by the rooms' limits and the settings under <c>Limits</c>. A handler asks at its beginning.</summary>
/// <exception cref="OptionsValidationException">A setting is no number, or out of range.</exception>
internal sealed class Limits(IEnumerable<Room> rooms, IConfiguration settings, TimeProvider time)
{
    private const string Section = "Limits";
    private const int Most = 1_000_000;

    private readonly FrozenDictionary<Limit, Counter> _counters =
        rooms.SelectMany(room => room.Limits).ToFrozenDictionary(limit => limit, limit => new Counter(limit, ShareOf(limit, settings), time));

    public static string SettingOf(Limit limit) => $"{Section}:{limit.Setting}";

    /// <exception cref="AppException">RATE_LIMITED.</exception>
    public void Take(Limit limit, HttpContext context)
    {
        var counter = _counters[limit];
        if (!counter.Address.TryTake(context.Connection.RemoteIpAddress, out var retryAfter) || !counter.All.TryTake(out retryAfter))
        {
            throw WebErrors.RateLimited(retryAfter);
        }
    }

    private static int ShareOf(Limit limit, IConfiguration settings)
    {
        var name = SettingOf(limit);
        return settings[name] is not { } set ? limit.Share
            : int.TryParse(set, NumberStyles.Integer, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= Most ? share
            : throw new OptionsValidationException(name, typeof(Limit), [$"{name} is '{set}': it takes a whole number from 0 to {Most}."]);
    }

    private sealed class Counter(Limit limit, int share, TimeProvider time)
    {
        public AddressLimiter Address { get; } = new(share, limit.Window, time);

        public SharedLimiter All { get; } = new(share * limit.AddressesTogether, limit.Window, time);
    }
}

internal static class LimitSettings
{
    public static void AddLimitSettings(this IServiceCollection services, IEnumerable<Limit> limits) =>
        services.AddSingleton(new KnownSettings([.. limits.Select(Limits.SettingOf)], provider => _ = provider.GetRequiredService<Limits>()));
}
