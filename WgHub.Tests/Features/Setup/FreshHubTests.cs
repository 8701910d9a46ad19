using System.Net;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Setup;

/// <summary>Nothing that opens a hub is known before it is there: no default account, and no key that comes with the program.</summary>
public sealed class FreshHubTests : IAsyncLifetime
{
    private readonly TestHub _fresh = new() { IsSetUp = false };
    private readonly TestHub[] _hubs = [new() { Urls = ["https://127.0.0.1:0"] }, new() { Urls = ["https://127.0.0.1:0"] }];

    public async ValueTask InitializeAsync()
    {
        foreach (var hub in _hubs.Append(_fresh))
        {
            await hub.InitializeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fresh.DisposeAsync();
        foreach (var hub in _hubs)
        {
            await hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_hubs_share_no_secret()
    {
        var (first, second) = (await SecretsAsync(_hubs[0]), await SecretsAsync(_hubs[1]));

        Assert.True(first.Count > 10, string.Join('\n', first));
        Assert.Empty(first.Intersect(second));
    }

    [Fact]
    public async Task Before_the_set_up_there_is_no_account_and_no_way_in()
    {
        Assert.Equal(0, _fresh.Database.Read(db => db.Count($"select count(*) from users")));
        (await _fresh.Nobody.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await _fresh.Nobody.GetAsync("/spokes")).Expect(HttpStatusCode.Redirect);
    }

    /// <summary>Every value of the database that is long enough to be one, the master key, the certificate's key.</summary>
    private static async Task<HashSet<string>> SecretsAsync(TestHub hub)
    {
        await hub.EnrolAsync();
        return [.. hub.Database.Read(Values), await File.ReadAllTextAsync(hub.Data.MasterKeyFile, Cancel),
            hub.Get<Tls.Certificates>().Current!.Leaf.GetPublicKeyString()];
    }

    private static List<string> Values(Tx db) =>
        [.. db.Query($"select name from sqlite_master where type = 'table'", row => row.Text("name"))
            .SelectMany(table => db.Query($"{new SqlPart($"select * from {table}")}", row => row.Values().Select(Text).ToList()))
            .SelectMany(values => values).Where(MayBeSecret)];

    /// <summary>What is shorter, or JSON, is words, numbers and times.</summary>
    private static bool MayBeSecret(string value) => value.Length >= 20 && value[0] != '{';

    private static string Text(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}";
}
