using System.Globalization;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

public sealed class SignInBackOffTests
{
    private readonly ManualTime _time = new();
    private readonly SignInBackOff _backOff;

    public SignInBackOffTests() => _backOff = new(_time);

    [Fact]
    public void After_three_tries_the_wait_doubles_up_to_a_minute()
    {
        var waits = Enumerable.Range(0, 11).Select(_ => Fail("ada")).ToList();

        Assert.Equal([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void A_try_that_comes_too_soon_makes_the_wait_no_longer()
    {
        Fail("ada", 4);

        _backOff.Take("ada");
        Assert.Equal(4, Refused("ada"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, Refused("ADA"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _backOff.Take("ada");
    }

    [Fact]
    public void Of_many_at_once_three_are_looked_at()
    {
        var taken = Enumerable.Range(0, 50).AsParallel().WithDegreeOfParallelism(8).Count(_ => Record.Exception(() => _backOff.Take("ada")) is null);

        Assert.Equal(3, taken);
    }

    [Fact]
    public void What_is_forgiven_counts_for_nothing_and_what_is_forgotten_begins_anew()
    {
        Fail("ada", 2);
        _backOff.Take("ada");
        _backOff.Forgive("ada");
        Assert.Equal(1, Fail("ada"));

        _backOff.Forget("ada");
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(_ => Fail("ada")));
    }

    [Fact]
    public void One_name_does_not_slow_another_down()
    {
        Fail("ada", 9);

        Assert.Equal(0, Fail("grace"));
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_nobody_out()
    {
        Fail("ada", 9);
        _backOff.Take("ada");

        _time.Advance(TimeSpan.FromHours(-1));

        _backOff.Take("ada");
    }

    [Fact]
    public void A_flood_of_names_does_not_wash_away_who_has_to_wait()
    {
        Fail("ada", 8);
        _backOff.Take("ada");

        for (var i = 0; i < 200_000; i++)
        {
            _backOff.Take(string.Create(CultureInfo.InvariantCulture, $"name {i}"));
        }

        Assert.Equal(60, Refused("ada"));
    }

    [Fact]
    public void What_the_database_kept_goes_on_after_a_start()
    {
        Assert.Equal(4, Math.Round((_backOff.Take("ada", new(4, null)).Until!.Value - _time.GetUtcNow()).TotalSeconds));
        Assert.Throws<AppException>(() => _backOff.Take("grace", new(9, _time.GetUtcNow().AddSeconds(60))));
    }

    private void Fail(string who, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Fail(who);
        }
    }

    /// <summary>A try that fails, and its wait sat out.</summary>
    /// <returns>The wait in seconds.</returns>
    private int Fail(string who)
    {
        var wait = (_backOff.Take(who).Until ?? _time.GetUtcNow()) - _time.GetUtcNow();
        _time.Advance(wait);
        return (int)wait.TotalSeconds;
    }

    private int Refused(string who)
    {
        var refusal = Assert.Throws<AppException>(() => _backOff.Take(who));
        Assert.Equal((429, "RATE_LIMITED"), (refusal.Status, refusal.Code));
        return (int)refusal.RetryAfter!.Value.TotalSeconds;
    }
}
