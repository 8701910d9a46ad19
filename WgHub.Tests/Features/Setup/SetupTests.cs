using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Setup;

public sealed class SetupTests : TimedHubTest
{
    private protected override TestHub Make() => new() { IsSetUp = false, Time = Time };

    private SetupService Setup => Hub.Get<SetupService>();

    [Fact]
    public async Task The_code_makes_the_hub_and_its_administrator_who_is_signed_in()
    {
        var session = await Setup.CompleteAsync(await FormAsync(), TestHub.Browser, Cancel);

        Assert.Equal((false, false), (Setup.NeedsHub, Setup.NeedsAdministrator));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await Hub.Client(null, $"wghub={session.Reveal()}").GetAsync("/api/hub/config")).Status);
    }

    [Fact]
    public async Task A_code_is_read_as_people_write_it()
    {
        var form = await FormAsync();

        await Setup.CompleteAsync(
            form with
            {
                Code = form.Code!.Reveal()
                .Replace("-", " ", StringComparison.Ordinal)
                .ToLowerInvariant()
                .Replace('0', 'o')
                .Replace('1', 'l')
            }, TestHub.Browser, Cancel);

        Assert.False(Setup.NeedsAdministrator);
    }

    [Fact]
    public async Task A_wrong_an_old_or_a_spent_code_opens_nothing()
    {
        await RefusedAsync((await FormAsync()) with { Code = "00000-00000-00000-00000" });
        await RefusedAsync((await FormAsync()) with { Code = null });

        var old = await FormAsync();
        Time.Advance(TimeSpan.FromMinutes(60));
        await RefusedAsync(old);

        var spent = await FormAsync();
        await Setup.CompleteAsync(spent, TestHub.Browser, Cancel);
        await RefusedAsync(spent with { Name = "second" });
        Assert.Null(await Hub.Get<SetupCodes>().NewAsync(Cancel));
    }

    [Fact]
    public async Task A_field_that_is_wrong_leaves_the_code_good()
    {
        var form = await FormAsync();
        Assert.Equal(
            ["password"],
            (await Assert.ThrowsAsync<AppException>(() => Setup.CompleteAsync(form with { Password = "short" }, TestHub.Browser, Cancel))).Errors.Keys);
        Assert.Equal(
            ["networkCIDR"],
            (await Assert.ThrowsAsync<AppException>(
                () => Setup.CompleteAsync(form with { Hub = form.Hub! with { NetworkCIDR = "10.8.0.1/22" } }, TestHub.Browser, Cancel)))
                .Errors.Keys);
        Assert.Equal((true, true), (Setup.NeedsHub, Setup.NeedsAdministrator));

        await Setup.CompleteAsync(form, TestHub.Browser, Cancel);
    }

    [Fact]
    public async Task Of_two_with_the_code_at_once_one_becomes_the_administrator()
    {
        var form = await FormAsync();
        await Hub.Get<HubService>().InitializeAsync(form.Hub!, Storage.Actor.Cli, Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                await Setup.CompleteAsync(form with { Name = $"admin{i}" }, TestHub.Browser, Cancel);
                return "done";
            }
            catch (AppException refusal)
            {
                return refusal.Code;
            }
        }));

        Assert.Equal(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "done"], outcomes.Order(StringComparer.Ordinal));
    }

    private async Task<SetupForm> FormAsync() =>
        new(
            (await Hub.Get<SetupCodes>().NewAsync(Cancel))?.Reveal(), "ada", "correct horse battery",
            new HubForm { NetworkCIDR = Hub.Network, ListenPort = Hub.Port, PublicEndpoint = "vpn.example.com" });

    private async Task RefusedAsync(SetupForm form) =>
        Assert.Equal(WebErrors.Forbidden, (await Assert.ThrowsAsync<AppException>(() => Setup.CompleteAsync(form, TestHub.Browser, Cancel))).Code);
}
