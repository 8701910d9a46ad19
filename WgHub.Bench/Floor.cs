using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using WgHub.Storage;

namespace WgHub.Bench;

/// <summary>
/// What the machine itself takes for the parts of a registration: a call over HTTP, a durable commit, one run of wg. It is measured
/// turn by turn with the hub, on an interface with as many peers, because others use the machine too: a figure of the hub says
/// little without the floor of the same minute.
/// </summary>
internal sealed class Floor : IDisposable
{
    private const string Interface = "floor0";

    private readonly HubClient _hub;
    private readonly SqliteConnection _database;
    private readonly SqliteCommand _insert;
    private int _peers;

    public Floor(HubClient hub, string file)
    {
        _hub = hub;
        _database = Connections.Open(file, SqliteOpenMode.ReadWriteCreate);
        using var create = _database.CreateCommand();
        create.CommandText = "pragma journal_mode = wal; create table t (id integer primary key, text text not null)";
        create.ExecuteNonQuery();
        _insert = _database.CreateCommand();
        _insert.CommandText = "insert into t (text) values (hex(randomblob(100)))";
        Programs.Run("sh", "-c", "wireguard-go floor0 2>&1 | cat >&2");
    }

    /// <summary>Adds peers until the floor's interface has as many as the hub's.</summary>
    public void GrowTo(int peers)
    {
        var text = new StringBuilder();
        for (; _peers < peers; _peers++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[Peer]\nPublicKey = {NewKey()}\nAllowedIPs = 10.99.{_peers >> 8}.{_peers & 255}/32\n");
        }

        Programs.Feed(text.ToString(), "wg", "addconf", Interface, "/dev/stdin");
    }

    /// <summary>One call that changes nothing, one commit, one peer set; the peer is taken off again.</summary>
    public async Task TakeTurnAsync(FloorSamples samples)
    {
        var key = NewKey();
        await samples.Call.TimeAsync(() => _hub.GetAsync("/healthz"));
        samples.Commit.Time(() => _insert.ExecuteNonQuery());
        samples.Set.Time(() => Programs.Run("wg", "set", Interface, "peer", key, "allowed-ips", "10.100.0.1/32"));
        Programs.Run("wg", "set", Interface, "peer", key, "remove");
    }

    public static void Dump() => Programs.Read("wg", "show", Interface, "dump");

    public void Dispose()
    {
        _insert.Dispose();
        _database.Dispose();
        Programs.Run("ip", "link", "delete", Interface);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}

/// <summary>The parts of the floor, measured beside one figure of the hub.</summary>
internal sealed class FloorSamples
{
    public Samples Call { get; } = new();

    public Samples Commit { get; } = new();

    public Samples Set { get; } = new();

    /// <summary>Median of a call that changes the database; milliseconds.</summary>
    public double Write => Call.Median + Commit.Median;

    /// <summary>The same of a call that also changes the interface.</summary>
    public double WriteLive => Write + Set.Median;
}
