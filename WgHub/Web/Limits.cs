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

    /// <summary>
    /// Counts a try, whatever comes of it. Who is signed in by a browser has a share of their own: strangers at the same address cannot use it up.
    /// </summary>
    /// <exception cref="AppException">RATE_LIMITED.</exception>
    public void Take(Limit limit, HttpContext context)
    {
        if (context.IsControl())
        {
            return; // whoever may use the socket may change the settings too
        }

        var counter = _counters[limit];
        TimeSpan retryAfter;
        var isTaken = context.User.SessionId() is { } session
            ? counter.Address.TryTake($"session {session}", out retryAfter)
            : counter.Address.TryTake(context.Connection.RemoteIpAddress, out retryAfter) && counter.All.TryTake(out retryAfter);
        if (!isTaken)
        {
            throw WebErrors.RateLimited(retryAfter, SettingOf(limit));
        }
    }

    /// <summary>Counts what is made, and not what was refused or failed.</summary>
    /// <exception cref="AppException">RATE_LIMITED, and what <paramref name="make"/> says.</exception>
    public async Task<T> TakeAsync<T>(Limit limit, HttpContext context, Func<Task<T>> make)
    {
        if (context.IsControl() || (limit.SparesPeople && context.User.SessionId() is not null))
        {
            return await make();
        }

        Take(limit, context);
        try
        {
            return await make();
        }
        catch
        {
            _counters[limit].Address.GiveBack(context.Connection.RemoteIpAddress);
            _counters[limit].All.GiveBack();
            throw;
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
