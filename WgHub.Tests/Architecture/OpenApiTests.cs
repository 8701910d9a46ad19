using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using WgHub.Features.Backup.Age;
using WgHub.Features.History;
using WgHub.Features.Rotation;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>The document that programs are generated from, held against the running app.</summary>
[Collection(nameof(MachineRoutes))]
public sealed partial class OpenApiTests : HubTest
{
    private static readonly string[] Files =
        [
            "GET /i/{token}", "GET /i/rotate", "GET /i/again", "GET /i/install.ps1", "GET /api/installation/script/{token}", "GET /api/audit/export",
            "GET /api/backups/{id}/file",
        ];

    private readonly List<string> _called = [];
    private JsonElement _document;

    private static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    private protected override TestHub Make() =>
        new() { IsSetUp = false, Settings = { ["Web:TrustedProxies"] = "127.0.0.1", ["Backup:Recipient"] = $"{Owner.Recipient}" } };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _document = (await Hub.Viewer.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;
    }

    private IEnumerable<string> Described => _document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject(), (path, method) => $"{method.Name.ToUpperInvariant()} {path.Name}");

    [Fact]
    public void Every_call_is_described_and_nothing_else()
    {
        var mapped = Hub.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(
                endpoint =>
                    endpoint.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)
                        || endpoint.RoutePattern.RawText!.StartsWith("/i/", StringComparison.Ordinal))
            .SelectMany(
                endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods,
                (endpoint, method) => $"{method} {endpoint.RoutePattern.RawText}");

        Assert.Equal(mapped.Order(), Described.Order());
    }

    [Fact]
    public async Task What_is_sent_is_what_is_described()
    {
        await CallAsync(HttpMethod.Post, "/api/hub/initialize", HttpStatusCode.Created, Hub.SetUp);
        await CallAsync(HttpMethod.Get, "/api/hub/config", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Put, "/api/hub/config", HttpStatusCode.OK, new { privateEndpoint = "192.0.2.1", networkCIDRv6 = Hub.Network6 });
        await CallAsync(HttpMethod.Put, "/api/hub/config?dryRun=true", HttpStatusCode.OK, new { mtu = 1400 });
        await CallAsync(
            HttpMethod.Put, "/api/hub/ranges", HttpStatusCode.OK,
            new { ranges = new[] { new { group = "north", first = Hub.Address(64), last = Hub.Address(127) } } });
        await CallAsync(HttpMethod.Get, "/api/hub/ranges", HttpStatusCode.OK);
        var made = await CallAsync(
            HttpMethod.Post, "/api/installation/token", HttpStatusCode.Created, new { spokeName = "oslo", platform = "linux", group = "north" });
        var token = made.Text("token", "token");
        await CallAsync(
            HttpMethod.Post, "/api/installation/tokens/import", HttpStatusCode.Created,
            new { tokens = new[] { new { spokeName = "bergen", tags = new[] { "laptop" } } } });
        await CallAsync(
            HttpMethod.Post, "/api/installation/tokens/import", HttpStatusCode.OK, new { tokens = new[] { new { spokeName = "bodo" } }, dryRun = true });
        await CallAsync(HttpMethod.Get, "/api/installation/tokens", HttpStatusCode.OK);
        var key = Wg.NewKey();
        var registration = new { token, publicKey = key, os = "linux", metadata = new { hostname = "oslo" } };
        var registered = await CallAsync(HttpMethod.Post, "/api/spoke/register", HttpStatusCode.Created, registration);
        await CallAsync(HttpMethod.Post, "/api/spoke/register", HttpStatusCode.OK, registration);
        await CallAsync(HttpMethod.Get, "/api/hub/status", HttpStatusCode.OK);
        var id = registered.Text("spoke", "id");
        await CallAsync(HttpMethod.Get, "/api/spoke/list", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/spoke/{id}", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Get, "/api/spoke/{id}/diagnosis", HttpStatusCode.OK, id: id);
        await Hub.Get<HistoryLoop>().RunOnceAsync(Cancel);
        await CallAsync(HttpMethod.Get, "/api/spoke/{id}/history", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Patch, "/api/spoke/{id}", HttpStatusCode.OK, new { notes = "in the cellar", expiresAt = "2999-01-01T00:00:00Z" }, id);
        var files =
            new[] { Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"[Peer]\nPublicKey = {Wg.NewKey()}\nAllowedIPs = {Hub.Address(9)}/32\n")) };
        var plan = await CallAsync(HttpMethod.Post, "/api/import/plan", HttpStatusCode.OK, new { files });
        await CallAsync(HttpMethod.Post, "/api/import/apply", HttpStatusCode.OK, new { files, plan = plan.Text("plan") });
        await CallAsync(HttpMethod.Put, "/api/groups/{name}", HttpStatusCode.OK, new { routes = new[] { "10.20.0.0/16" } }, "north");
        await CallAsync(HttpMethod.Get, "/api/groups", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Delete, "/api/groups/{name}", HttpStatusCode.OK, id: "north");
        await CallAsync(HttpMethod.Post, "/api/spoke/bulk", HttpStatusCode.OK, new { ids = new[] { id, "gone" }, action = "addTag", value = "cellar" });
        await CallAsync(HttpMethod.Post, "/api/spoke/{id}/reenrol-token", HttpStatusCode.Created, new { expiresInHours = 1 }, id);
        var keyed = await KeyedSpoke.EnrolAsync(Hub);
        await CallAsync(
            HttpMethod.Post, "/api/spoke/rotate", HttpStatusCode.Created, await keyed.BodyAsync("begin", keyed.Key.Public, Wg.NewKey()), from: keyed.Address);
        await CallAsync(
            HttpMethod.Post, "/api/spoke/rotate/finish", HttpStatusCode.OK, await keyed.BodyAsync("finish", Wg.NewKey(), keyed.Key.Public),
            from: keyed.Address);
        await CallAsync(HttpMethod.Post, "/api/hub/key/announce", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/hub/key", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/spoke/hub-keys", HttpStatusCode.OK, from: keyed.Address);
        await CallAsync(HttpMethod.Post, "/api/hub/key/switch", HttpStatusCode.OK, new { leaveBehind = 3 });
        await CallAsync(HttpMethod.Post, "/api/hub/key/end", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Post, "/api/spoke/endpoints", HttpStatusCode.OK, new { token, publicKey = key });
        await CallAsync(HttpMethod.Post, "/api/spoke/unregister", HttpStatusCode.OK, new { token, publicKey = key });
        await CallAsync(HttpMethod.Delete, "/api/spoke/{id}", HttpStatusCode.OK, id: (await Hub.EnrolAsync()).Id);
        await CallAsync(HttpMethod.Delete, "/api/installation/token/{id}", HttpStatusCode.OK, id: (await Hub.TokenAsync()).Id);
        await CallAboutClustersAsync();
        await CallAboutPolicyAsync();
        await CallAboutNetworksAsync();
        await CallAboutBackupsAsync();
        await CallAboutNotificationsAsync();
        await CallAsync(HttpMethod.Get, "/api/audit", HttpStatusCode.OK);

        Assert.Equal(Described.Except(Files).Order(), _called.Distinct().Order());
    }

    private async Task CallAboutNetworksAsync()
    {
        var via = (await Hub.EnrolAsync()).Id;
        var wish = new { name = "office", cidr = "10.77.0.0/16", via, standby = (await Hub.EnrolAsync()).Id, masquerade = true };
        var id = (await CallAsync(HttpMethod.Post, "/api/networks", HttpStatusCode.Created, wish)).Text("id");
        await CallAsync(HttpMethod.Get, "/api/networks", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Post, "/api/networks/{id}/move", HttpStatusCode.OK, new { to = wish.standby }, id);
        await CallAsync(HttpMethod.Patch, "/api/networks/{id}", HttpStatusCode.OK, new { via = "hub" }, id);
        await CallAsync(HttpMethod.Delete, "/api/networks/{id}", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Put, "/api/networks/barred", HttpStatusCode.OK, new { networks = new[] { new { cidr = "10.99.0.0/16", note = "DMZ" } } });
        await CallAsync(HttpMethod.Get, "/api/networks/barred", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("NetworkWish"), InlineData("BarredWish"), InlineData("MoveNetwork")]
    [InlineData("CreateToken", "spokeName"), InlineData("RegisterSpoke", "token", "publicKey", "os")]
    [InlineData("UnregisterSpoke", "publicKey", "token"), InlineData("RotateKey", "publicKey", "newPublicKey", "proof")]
    [InlineData("ChangeSpokeDto"), InlineData("CreateClusterToken"), InlineData("ChangeCluster")]
    [InlineData("HubForm"), InlineData("SwitchHubKey"), InlineData("ChangeRanges"), InlineData("ChannelWish"), InlineData("ReplayWish")]
    [InlineData("LogLevelWish")]
    public void Only_what_a_call_cannot_do_without_is_required(string schema, params string[] expected) =>
        Assert.Equal(expected, Required(_document.GetProperty("components").GetProperty("schemas").GetProperty(schema)));

    /// <summary>Makes the call as an administrator and compares each member of the answer with the document.</summary>
    /// <param name="from">Where the caller's proxy says that it comes from.</param>
    private async Task<Answer> CallAsync(
        HttpMethod method, string address, HttpStatusCode status, object? body = null, string? id = null, string? from = null, string query = "")
    {
        var content = body is null ? null : JsonContent.Create(body);
        var answer =
            (await Hub.Admin.SendAsync(
                method, Parameter().Replace(address, id ?? "") + query, content,
                [.. from is null ? [] : new[] { ("X-Forwarded-For", from) }]))
                .Expect(status);
        address = address.Split('?')[0];
        var described = _document.GetProperty("paths").GetProperty(address).GetProperty(method.Method.ToLowerInvariant())
            .GetProperty("responses").GetProperty($"{(int)status}").GetProperty("content").GetProperty(answer.ContentType!).GetProperty("schema");

        Compare(described, answer.Json, $"{method} {address}");
        _called.Add($"{method} {address}");
        return answer;
    }

    private void Compare(JsonElement schema, JsonElement sent, string where)
    {
        while (schema.TryGetProperty("$ref", out var reference) || (schema.TryGetProperty("oneOf", out reference) && sent.ValueKind != JsonValueKind.Null))
        {
            schema = reference.ValueKind == JsonValueKind.String
                ? _document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
                : reference.EnumerateArray().Last(); // the first is null
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            var names = sent.EnumerateObject().Select(member => member.Name).ToList();
            Assert.True(Required(schema).All(names.Contains), $"{where} lacks one of {string.Join(' ', Required(schema))}");
            foreach (var member in sent.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(member.Name, out var described), $"{where}.{member.Name} is not described");
                Compare(described, member.Value, $"{where}.{member.Name}");
            }
        }
        else if (schema.TryGetProperty("items", out var items) && sent.ValueKind == JsonValueKind.Array)
        {
            Assert.All(sent.EnumerateArray(), item => Compare(items, item, $"{where}[]"));
        }
        else if (schema.TryGetProperty("type", out var type))
        {
            Assert.Contains(NameOf(sent), type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()]);
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\{(id|name|who)\}")]
    private static partial System.Text.RegularExpressions.Regex Parameter();

    private static string NameOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "integer",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static List<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
}
