using System.Net;
using System.Net.Http.Json;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

public sealed class PresharedKeyTests : HubTest
{
    [Fact]
    public async Task Both_sides_get_the_same_and_no_two_spokes_do()
    {
        var (one, other) = (await RegisterAsync(), await RegisterAsync());

        Assert.Equal(32, Convert.FromBase64String(one.PresharedKey!).Length);
        Assert.NotEqual(one.PresharedKey, other.PresharedKey);
        var live = await LiveAsync();
        Assert.Equal((one.PresharedKey, other.PresharedKey), (live[one.Key], live[other.Key]));
    }

    [Fact]
    public async Task The_same_token_and_key_get_the_same_again_also_as_text()
    {
        var first = await RegisterAsync();

        var again = (await Hub.RegisterAsync(first.Token, first.Key)).Expect(HttpStatusCode.OK);
        var text = await Hub.Nobody.SendAsync(
            HttpMethod.Post, "/api/spoke/register", JsonContent.Create(new { token = first.Token, publicKey = first.Key, os = "linux" }),
            ("Accept", "text/plain"));

        Assert.Equal(first.PresharedKey, again.Text("presharedKey"));
        Assert.Contains($"\nPresharedKey = {first.PresharedKey}\nAllowedIPs = ", text.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await Hub.RegisterAsync(first.Token, Wg.NewKey())).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
    }

    [Fact]
    public async Task Switched_off_it_is_for_later_spokes_alone()
    {
        var before = await RegisterAsync();

        var config = (await Hub.Admin.PutAsync("/api/hub/config", new { presharedKeys = false })).Expect(HttpStatusCode.OK);
        var after = await RegisterAsync();
        await Hub.ReconcileAsync();

        Assert.False(config.At("presharedKeys").GetBoolean());
        Assert.Null(after.PresharedKey);
        var live = await LiveAsync();
        Assert.Equal((before.PresharedKey, "(none)"), (live[before.Key], live[after.Key]));
        Assert.Equal(before.PresharedKey, (await Hub.RegisterAsync(before.Token, before.Key)).Text("presharedKey"));
        Assert.Equal(
            "True → False",
            (await Hub.Viewer.GetAsync("/api/audit?event=hub.changed")).At("entries")[0].GetProperty("detail").GetProperty("presharedKeys").GetString());
    }

    [Fact]
    public async Task A_hub_can_be_set_up_without()
    {
        await using var hub = new TestHub { IsSetUp = false };
        await hub.InitializeAsync();
        (await hub.Admin.PostAsync("/api/hub/initialize", new Dictionary<string, object>(hub.SetUp) { ["presharedKeys"] = false }))
            .Expect(HttpStatusCode.Created);

        var spoke = await hub.EnrolAsync();

        Assert.Equal($"{spoke.Key}\t(none)\n", await Wg.RunAsync($"wg show {hub.Interface} preshared-keys"));
    }

    [Fact]
    public async Task It_outlives_switching_off_and_on_a_restart_and_a_lost_interface()
    {
        var spoke = await RegisterAsync();

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = true })).Expect(HttpStatusCode.OK);
        Assert.Equal(spoke.PresharedKey, (await LiveAsync())[spoke.Key]);

        await Hub.RestartAsync();
        await Hub.ReconcileAsync();
        Assert.Equal(spoke.PresharedKey, (await LiveAsync())[spoke.Key]);

        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Hub.ReconcileAsync();
        Assert.Equal(spoke.PresharedKey, (await LiveAsync())[spoke.Key]);
        Assert.Contains(
            $"\nPresharedKey = {spoke.PresharedKey}\n", await File.ReadAllTextAsync(Hub.ConfFile, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private async Task<(string Id, string Token, string Key, string? PresharedKey)> RegisterAsync()
    {
        var (_, token, _) = await Hub.TokenAsync();
        var key = Wg.NewKey();
        var answer = (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.Created);
        return (answer.Text("spoke", "id")!, token, key, answer.At("presharedKey").GetString());
    }

    /// <summary>The preshared key of each peer of the interface.</summary>
    private async Task<Dictionary<string, string>> LiveAsync() =>
        (await Wg.RunAsync($"wg show {Hub.Interface} preshared-keys"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToDictionary(line => line[0], line => line[1]);
}
