using FsCheck;
using FsCheck.Fluent;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>The pool in the database, step by step beside a model that is too simple to be wrong: a set of numbers.</summary>
public sealed class AddressPoolTests : IDisposable
{
    private static readonly Gen<Step[]> Steps = Gen.Frequency(
            (6, Gen.Constant(new Step(Do.Take, 0))),
            (3, Gen.Choose(0, 70).Select(host => new Step(Do.TakeThis, host))),
            (4, Gen.Choose(0, 70).Select(host => new Step(Do.Free, host))),
            (3, Gen.Constant(new Step(Do.TakeOfGroup, 0))),
            (1, Gen.Choose(0, 60).Select(first => new Step(Do.KeepForGroup, first))),
            (1, Gen.Choose(26, 29).Select(prefix => new Step(Do.Resize, prefix))))
        .ArrayOf(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-pool-");
    private readonly Database _database;
    private readonly LeaseStore _leases;

    public AddressPoolTests()
    {
        _database = new(new(_folder.FullName), TimeProvider.System);
        _leases = new(_database);
    }

    private enum Do
    {
        Take,
        TakeThis,
        TakeOfGroup,
        KeepForGroup,
        Free,
        Resize,
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Whatever_comes_the_smallest_free_address_is_given_and_none_twice()
    {
        // One transaction for each history, rolled back at its end: the next one finds an empty pool.
        await _database.WriteAsync(
            db => Any.Holds(Steps, steps =>
            {
                db.Execute($"savepoint history");
                var model = new Model(28);
                _leases.SetNetwork(db, db.OwnHub, new(model.Network, null, Model.Hub));
                var agrees = steps.All(step => Apply(step, model) == Apply(step, db));
                db.Execute($"rollback to history");
                db.Execute($"release history");
                return agrees;
            }),
            TestContext.Current.CancellationToken);
    }

    /// <summary>The address whose IPv6 address somebody has is given to nobody else, and is free again with them.</summary>
    [Fact]
    public async Task An_address_whose_IPv6_address_is_taken_is_not_given()
    {
        await _database.WriteAsync(
            db =>
            {
                _leases.SetNetwork(db, db.OwnHub, new(Model.NetworkOf(29), null, Model.Hub));
                KeptAddress6 Kept(int host) => new(System.Net.IPAddress.Parse($"fd00::{host}"), Model.Hub - 1 + (uint)host);
                Assert.True(_leases.TryKeepAll(db, db.OwnHub, [
                    new("a", "a", new(Model.Hub + 1)) { Address6 = Kept(3) }, new("b", "b", new(Model.Hub + 2)) { Address6 = Kept(4) }]));

                Assert.Equal("ADDRESS_IN_USE", Assert.Throws<AppException>(() => Reserve(db, "c", Model.Hub + 3)).Code);
                Assert.Equal("10.0.0.5", Reserve(db, "c", null));
                Assert.False(_leases.TryKeepAll(db, db.OwnHub, [new("d", "d", new(Model.Hub + 5)) { Address6 = Kept(5) }]));
                _leases.Free(db, "d");
                _leases.Free(db, "b");
                Assert.Equal("10.0.0.4", Reserve(db, "e", null));
            },
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_full_network_says_which_one_would_do()
    {
        var refusal = await Assert.ThrowsAsync<AppException>(() => _database.WriteAsync(
            db =>
            {
                _leases.SetNetwork(db, db.OwnHub, new(Ipv4Network.Parse("10.8.0.4/30"), null, Ipv4Network.Parse("10.8.0.5/32").First));
                Reserve(db, "first", null);
                Reserve(db, "second", null);
            },
            TestContext.Current.CancellationToken));

        Assert.Equal("ADDRESSES_EXHAUSTED", refusal.Code);
        Assert.Contains("10.8.0.0/29", refusal.Message, StringComparison.Ordinal);
    }

    /// <returns>What the pool gave, or the code of its refusal.</returns>
    private string Apply(Step step, Tx db)
    {
        try
        {
            switch (step.What)
            {
                case Do.Free:
                    _leases.Free(
                        db,
                        db.First($"select spoke_id from leases where slot = {(long)Model.At(step.Number)} and name <> ''", row => row.Text("spoke_id"))
                            ?? "nobody");
                    return "";
                case Do.Resize:
                    _leases.SetNetwork(db, db.OwnHub, new(Model.NetworkOf(step.Number), null, Model.At(1)));
                    return "";
                case Do.KeepForGroup:
                    var range = new AddressRange(Model.Group, new(Model.At(step.Number)), new(Model.At(step.Number + 3)));
                    if (range.IsIn(AddressPools.Find(db, db.OwnHub)!.Network))
                    {
                        AddressRanges.Set(db, db.OwnHub, [range]);
                    }
                    else
                    {
                        AddressRanges.Set(db, db.OwnHub, []);
                    }

                    return "";
                default:
                    return Reserve(
                        db, Guid.NewGuid().ToString(), step.What == Do.TakeThis ? Model.At(step.Number) : null,
                        step.What == Do.TakeOfGroup ? Model.Group : null);
            }
        }
        catch (AppException refusal)
        {
            // Of a refused change nothing stays, as in the transaction that it would have had alone.
            if (step.What == Do.Resize)
            {
                db.Execute(
                    $"insert or ignore into leases (spoke_id, hub_id, name, name_key, slot, address) values ({_database.OwnHub}, {_database.OwnHub}, '', '#', {(long)Model.At(1)}, '')");
            }

            return refusal.Code;
        }
    }

    private static string Apply(Step step, Model model)
    {
        switch (step.What)
        {
            case Do.Free:
                model.Taken.Remove(step.Number == 1 ? 0 : Model.At(step.Number));
                return "";
            case Do.KeepForGroup:
                var kept = Enumerable.Range(step.Number, 4).Select(Model.At).ToHashSet();
                model.Kept = kept.All(model.Network.HasHost) ? kept : [];
                return "";
            case Do.Resize when model.Taken.Concat(model.Kept).All(Model.NetworkOf(step.Number).HasHost):
                model.Network = Model.NetworkOf(step.Number);
                return "";
            case Do.Resize:
                return "NETWORK_IN_USE";
            case Do.TakeThis when !model.Network.HasHost(Model.At(step.Number)):
                return "ADDRESS_OUTSIDE_NETWORK";
            case Do.TakeThis when model.Kept.Contains(Model.At(step.Number)):
                return "ADDRESS_RESERVED";
            case Do.TakeThis:
                return model.Taken.Add(Model.At(step.Number)) ? Ipv4Network.ToText(Model.At(step.Number)) : "ADDRESS_IN_USE";
            default:
                var isKept = step.What == Do.TakeOfGroup && model.Kept.Count > 0;
                for (var address = model.Network.FirstHost; address <= model.Network.LastHost; address++)
                {
                    if (model.Kept.Contains(address) == isKept && model.Taken.Add(address))
                    {
                        return Ipv4Network.ToText(address);
                    }
                }

                return "ADDRESSES_EXHAUSTED";
        }
    }

    private string Reserve(Tx db, string id, uint? wish, string? group = null)
    {
        Assert.True(SpokeName.TryParse("s" + id, out var name));
        return _leases.Reserve(db, db.OwnHub, id, name, new(group, wish), DateTimeOffset.MaxValue).Address.ToString();
    }

    private sealed record Step(Do What, int Number);

    private sealed class Model(int prefix)
    {
        public Ipv4Network Network { get; set; } = NetworkOf(prefix);

        public static uint Hub => At(1);

        public const string Group = "g";

        public HashSet<uint> Taken { get; } = [At(1)];

        /// <summary>For the group; may be beyond the network.</summary>
        public HashSet<uint> Kept { get; set; } = [];

        public static uint At(int host) => (10u << 24) + (uint)host;

        public static Ipv4Network NetworkOf(int prefix) => new(At(0), prefix);
    }
}
