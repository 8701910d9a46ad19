using WgHub.Hosting;
using WgHub.TestKit;

namespace WgHub.Storage;

public sealed class SealedColumnTests
{
    [Fact]
    public void Every_column_that_the_schema_calls_sealed_is_in_the_list()
    {
        using var schema = Connections.Open(":memory:", Microsoft.Data.Sqlite.SqliteOpenMode.Memory);
        schema.Execute($"{new SqlPart(File.ReadAllText(Repository.PathOf("WgHub/Storage/schema.sql")))}");

        var columns = schema.Query(
            $"select tables.name as in_table, columns.name from sqlite_master as tables join pragma_table_info(tables.name) as columns where tables.type = 'table' and columns.name like 'sealed!_%' escape '!'",
            row => (row.Text("in_table"), row.Text("name")));

        Assert.NotEmpty(columns);
        Assert.Equal(columns.Order(), SealedColumns.All.Select(column => (column.Table, column.Column)).Order());
    }

    [Fact]
    public async Task One_key_on_two_hubs_has_two_secrets_that_a_new_master_key_keeps_apart()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var spoke = await hub.EnrolAsync();
        var (master, other) = (hub.Get<MasterKey>(), new HubId("another hub"));
        var theirs = SealedColumns.PresharedKey.Seal(master, SealedColumns.PeerRow(other, spoke.Key), new("their preshared key"));
        await hub.Database.WriteAsync(
            tx => tx.Execute(
                $"""
                insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes, sealed_preshared_key)
                select {other}, public_key, spoke_id, 0, 0, 0, 0, {theirs} from peers where public_key = {spoke.Key}
                """),
            TestContext.Current.CancellationToken);
        var own = SecretOn(hub, hub.Database.OwnHub, spoke.Key, master);

        await hub.Database.WriteAsync(
            tx => SealedColumns.PresharedKey.Reseal(tx, SealedColumns.PresharedKey, master, master), TestContext.Current.CancellationToken);

        Assert.Equal(("their preshared key", own), (SecretOn(hub, other, spoke.Key, master), SecretOn(hub, hub.Database.OwnHub, spoke.Key, master)));
        Assert.NotEqual("their preshared key", own);
    }

    private static string SecretOn(TestHub hub, HubId on, string key, MasterKey master) => SealedColumns.PresharedKey.Open(
        master,
        SealedColumns.PeerRow(on, key),
        hub.Database.Read(
            tx => tx.First($"select sealed_preshared_key from peers where hub_id = {on} and public_key = {key}", row => row.Text("sealed_preshared_key"))!))
            .Reveal();

    [Fact]
    public void No_two_columns_seal_to_the_same_identity() =>
        Assert.Equal(SealedColumns.All.Count, SealedColumns.All.Select(column => column.Identity("x")).Distinct().Count());

    [Fact]
    public async Task A_text_that_was_moved_to_another_row_opens_nothing_and_is_told()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var (one, other) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        await hub.Database.WriteAsync(
            db => db.Execute(
                $"update peers set sealed_preshared_key = (select sealed_preshared_key from peers where public_key = {one.Key}) where public_key = {other.Key}"),
            TestContext.Current.CancellationToken);

        var refusal = (await hub.RegisterAsync(other.Token, other.Key)).Expect(System.Net.HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED");

        Assert.Contains("peers.sealed_preshared_key", refusal.Text("error"), StringComparison.Ordinal);
        (await hub.RegisterAsync(one.Token, one.Key)).Expect(System.Net.HttpStatusCode.OK);
        Assert.ThrowsAny<StorageException>(
            () => SealedColumns.PresharedKey.Open(hub.Get<MasterKey>(), SealedColumns.PeerRow(hub.Database.OwnHub, one.Key), "no base64"));
    }
}
