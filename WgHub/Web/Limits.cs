using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Settings under <c>Limits</c>: requests that one address may make; 0 turns one off.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    [Range(0, 1_000_000)]
    public int TokensPerHourPerIp { get; set; } = 10;

    [Range(0, 1_000_000)]
    public int RegistrationsPerMinutePerIp { get; set; } = 30;

    [Range(0, 1_000_000)]
    public int ScriptsPerMinutePerIp { get; set; } = 60;

    [Range(0, 1_000_000)]
    public int SignInsPerMinutePerIp { get; set; } = 10;

    [Range(0, 1_000_000)]
    public int SetupsPerMinutePerIp { get; set; } = 5;

    [Range(0, 1_000_000)]
    public int ProviderSignInsPerTenMinutesPerIp { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;

/// <summary>What one address may do how often. A handler asks at its beginning.</summary>
internal sealed class Limits(IOptions<LimitOptions> options, TimeProvider time)
{
    /// <summary>All addresses together get the share of as many as this.</summary>
    private const int AddressesTogether = 20;

    private const int BackchannelLogouts = 60;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly AddressLimiter _tokens = new(options.Value.TokensPerHourPerIp, Hour, time);
    private readonly SharedLimiter _allTokens = new(options.Value.TokensPerHourPerIp * AddressesTogether, Hour, time);
    private readonly AddressLimiter _registrations = new(options.Value.RegistrationsPerMinutePerIp, Minute, time);
    private readonly AddressLimiter _scripts = new(options.Value.ScriptsPerMinutePerIp, Minute, time);
    private readonly AddressLimiter _providerSignIns = new(options.Value.ProviderSignInsPerTenMinutesPerIp, TimeSpan.FromMinutes(10), time);
    private readonly SharedLimiter _backchannelLogouts = new(BackchannelLogouts, Minute, time);
    private readonly AddressLimiter _signIns = new(options.Value.SignInsPerMinutePerIp, Minute, time);
    private readonly AddressLimiter _setups = new(options.Value.SetupsPerMinutePerIp, Minute, time);

    public void TakeToken(HttpContext context)
    {
        Take(_tokens, context);
        if (!_allTokens.TryTake(out var retryAfter))
        {
            throw WebErrors.RateLimited(retryAfter);
        }
    }

    public void TakeRegistration(HttpContext context) => Take(_registrations, context);

    public void TakeScript(HttpContext context) => Take(_scripts, context);

    /// <summary>Somebody begins a sign-in by the identity provider.</summary>
    public void TakeProviderSignIn(HttpContext context) => Take(_providerSignIns, context);

    /// <summary>For all callers together: it is one provider that calls.</summary>
    /// <exception cref="AppException">RATE_LIMITED.</exception>
    public void TakeBackchannelLogout()
    {
        if (!_backchannelLogouts.TryTake(out var retryAfter))
        {
            throw WebErrors.RateLimited(retryAfter);
        }
    }

    public void TakeSignIn(HttpContext context) => Take(_signIns, context);

    public void TakeSetup(HttpContext context) => Take(_setups, context);

    /// <exception cref="AppException">RATE_LIMITED.</exception>
    private static void Take(AddressLimiter limiter, HttpContext context)
    {
        if (!limiter.TryTake(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            throw WebErrors.RateLimited(retryAfter);
        }
    }
}
