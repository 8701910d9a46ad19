using System.Net;
using System.Text;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Import;

/// <summary>Another tool's export comes into a hub that is there.</summary>
public sealed class ImportTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly string ClientSecret = Wg.NewKey();

    [Fact]
    public async Task Spokes_come_in_live_and_once_more_is_no_error()
    {
        var (key, off) = (Wg.NewKey(), Wg.NewKey());
        var export =
            Export(("Anna's phone", key, hub.Address(20), true), ("old laptop", off, hub.Address(21), false), ("lost", Wg.NewKey(), "172.31.0.2", true));
        var plan = (await PlanAsync(export)).Expect(HttpStatusCode.OK);

        var done = (await ApplyAsync(export, plan)).Expect(HttpStatusCode.OK);

        Assert.Equal(("2", "0", "1"), (done.Text("added"), done.Text("known"), done.Text("leftOut")));
        Assert.Equal($"{hub.Address(20)}/32", (await Wg.PeersAsync(hub.Interface))[key]);
        Assert.DoesNotContain(off, await Wg.PeersAsync(hub.Interface));
        Assert.Equal("disabled", (await hub.Viewer.GetAsync("/api/spoke/list?q=old-laptop")).At("spokes")[0].GetProperty("status").GetString());
        Assert.Equal(
            2,
            (await hub.Viewer.GetAsync("/api/audit?event=spoke.imported"))
                .At("entries")
                .EnumerateArray()
                .Count(entry => entry.GetProperty("detail").GetProperty("publicKey").GetString() is { } told && (told == key || told == off)));

        var again = (await PlanAsync(export)).Expect(HttpStatusCode.OK);
        Assert.Equal(("0", "2", "1"), (again.Text("added"), again.Text("known"), again.Text("leftOut")));
        (await ApplyAsync(export, again)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_clients_private_key_is_nowhere_afterwards()
    {
        var export = Export(("secretive", Wg.NewKey(), hub.Address(30), true));
        var plan = await PlanAsync(export);

        (await ApplyAsync(export, plan)).Expect(HttpStatusCode.OK);

        Assert.DoesNotContain(ClientSecret, plan.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(ClientSecret, await Snapshot.TakeAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_hubs_key_is_told()
    {
        var plan = await PlanAsync(Export(("far", Wg.NewKey(), hub.Address(40), true)));

        Assert.Contains("another hub's key", plan.Text("notices"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_was_given_since_makes_the_plan_void()
    {
        var export = Export(("late", Wg.NewKey(), hub.Address(50), true));
        var plan = await PlanAsync(export);
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = "first", customIP = hub.Address(50) })).Expect(HttpStatusCode.Created);

        (await ApplyAsync(export, plan)).Expect(HttpStatusCode.Conflict, "PLAN_CHANGED");

        Assert.Contains("that of first", (await PlanAsync(export)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"files":["?"]}""")]
    [InlineData("""{"files":[null]}""")]
    [InlineData("""{"files":["aGVsbG8="]}""")]
    [InlineData("""{"files":["","","","",""]}""")]
    public async Task What_is_no_source_is_refused(string body)
    {
        (await hub.Admin.SendTextAsync(HttpMethod.Post, "/api/import/plan", body)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await hub.Admin.SendTextAsync(HttpMethod.Post, "/api/import/apply", body)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task A_large_file_is_taken_and_one_too_large_is_not()
    {
        var large = $"[Peer]\nPublicKey = {Wg.NewKey()}\nAllowedIPs = {hub.Address(60)}/32\n{new string('#', 4 * 1024 * 1024)}";

        (await PlanAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(large)))).Expect(HttpStatusCode.OK);
        (await hub.Admin.PostAsync("/api/import/plan", new { files = new[] { new string('A', 24 * 1024 * 1024) } }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
    }

    private Task<Answer> PlanAsync(string export) => hub.Admin.PostAsync("/api/import/plan", new { files = new[] { export } });

    private Task<Answer> ApplyAsync(string export, Answer plan) =>
        hub.Admin.PostAsync("/api/import/apply", new { files = new[] { export }, plan = plan.Text("plan") });

    private static string Export(params (string Name, string Key, string Address, bool IsEnabled)[] clients) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
        {
            server = new { privateKey = Wg.NewKey(), address = "10.8.0.1" },
            clients =
            clients.ToDictionary(
                client => client.Key,
                client => new { name = client.Name, publicKey = client.Key, privateKey = ClientSecret, address = client.Address, enabled = client.IsEnabled }),
        }));
}
