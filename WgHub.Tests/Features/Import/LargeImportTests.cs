using System.Text;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>A large import is so much work, and no more; and others go on beside it.</summary>
public sealed class LargeImportTests : HubTest
{
    [Fact]
    public void A_name_of_many_costs_each_of_them_the_same()
    {
        var counting = new Counting();
        var names = new ProposedNames(new(counting));
        for (var number = 0; number < 6_000; number++)
        {
            names.For(number % 2 == 0 ? "laptop" : "Laptop", "");
        }

        Assert.InRange(counting.Looks, 6_000, 8 * 6_000);
        Assert.Equal("laptop-6001", names.For("laptop", "").Text);
    }

    /// <summary>Whoever computes a plan does not hold the one writer: it answers while somebody else has it.</summary>
    [Fact]
    public async Task A_plan_is_made_anew_beside_the_writer()
    {
        using var held = new ManualResetEventSlim();
        var writing = Hub.Database.WriteAsync(_ => held.Wait(Cancel), Cancel);
        try
        {
            var source = Source(Wg.NewKey());
            var refusal =
                await Assert.ThrowsAsync<AppException>(
                    () => Hub.Get<ImportService>().ApplyAsync(source, new(new()), "another", Actor.Cli, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
            Assert.Equal("PLAN_CHANGED", refusal.Code);
        }
        finally
        {
            held.Set();
            await writing;
        }
    }

    /// <summary>What changes between the plan and its turn at the writer makes it void, whatever it is.</summary>
    [Theory]
    [InlineData("name")]
    [InlineData("address")]
    [InlineData("key")]
    [InlineData("network")]
    public async Task What_was_taken_in_between_makes_the_plan_void_and_nothing_stays(string what)
    {
        var (key, other) = (Wg.NewKey(), Wg.NewKey());
        var spokes = Hub.Get<SpokeImport>();
        var batch = spokes.Prepare(await CheckedAsync(Source(key, "late", Hub.Address(30), "192.168.88.0/24")));
        var first = what switch
        {
            "name" => Source(other, "LATE", Hub.Address(31)),
            "address" => Source(other, "other", Hub.Address(30)),
            "key" => Source(key, "other", Hub.Address(31)),
            _ => Source(other, "other", Hub.Address(31), "192.168.88.128/25"),
        };
        var firstBatch = spokes.Prepare(await CheckedAsync(first));
        await Hub.Database.WriteAsync(tx => spokes.Add(tx, firstBatch), Cancel);
        var before = await Snapshot.TakeAsync(Hub);

        Assert.Equal("PLAN_CHANGED", (await Assert.ThrowsAsync<AppException>(() => Hub.Database.WriteAsync(tx => spokes.Add(tx, batch), Cancel))).Code);

        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public void More_networks_than_a_hub_can_have_are_refused()
    {
        var text = new StringBuilder($"[Peer]\nPublicKey = {Wg.NewKey()}\n");
        for (var number = 0; number <= ImportSource.MostAllowedIPs; number++)
        {
            text.Append("AllowedIPs = 11.").Append(number >> 16).Append('.').Append((number >> 8) & 255).Append('.').Append(number & 255).Append("/32\n");
        }

        Assert.Contains(
            "addresses and networks", Assert.Throws<AppException>(() => ExportFiles.Read([Encoding.ASCII.GetBytes(text.ToString())], "wg0", Cancel)).Message,
            StringComparison.Ordinal);
    }

    private async Task<ImportPlan> CheckedAsync(ImportSource source)
    {
        var (planner, wish) = (Hub.Get<ImportPlanner>(), new ImportWish(new()));
        var plan = await planner.PlanAsync(source, wish, Cancel);
        return planner.Checked(await planner.OriginAsync(source, Cancel), wish, plan.Hash, Cancel);
    }

    private ImportSource Source(string key, string name = "anna", string? address = null, params string[] networks) =>
        new("test", null, [new(name, key, null, [$"{address ?? Hub.Address(20)}/32", .. networks])], []);

    private sealed class Counting : IEqualityComparer<string>
    {
        public int Looks { get; private set; }

        public bool Equals(string? x, string? y)
        {
            Looks++;
            return x == y;
        }

        public int GetHashCode(string text)
        {
            Looks++;
            return text.GetHashCode(StringComparison.Ordinal);
        }
    }
}
