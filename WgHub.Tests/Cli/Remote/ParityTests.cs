using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Cli.Remote;

/// <summary>What the API can, the command line can: held against the API's own description, field by field.</summary>
public sealed class ParityTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>What machines call, and not people.</summary>
    private static readonly string[] OfMachines =
    [
        "POST /api/spoke/register", "POST /api/spoke/unregister", "POST /api/spoke/endpoints", "POST /api/spoke/rotate", "POST /api/spoke/rotate/finish",
        "GET /api/spoke/hub-keys", "GET /api/installation/script/{token}",
    ];

    /// <summary>What is no table of options, and is done with <c>wghub api</c> or <c>wghub apply</c>; or what a command does in several calls.</summary>
    private static readonly string[] Whole =
    [
        "POST /api/installation/tokens/import", "POST /api/import/plan", "POST /api/import/apply", "PUT /api/hub/ranges", "PUT /api/networks/barred",
        "POST /api/spoke/bulk", "GET /api/audit/export", "GET /api/backups/{id}/file", "POST /api/backups/{id}/verify", "PUT /api/policy",
    ];

    /// <summary>A field that the command line leaves out, with its reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["endpoint"] = "another word for publicEndpoint",
        ["page"] = "all parts are fetched",
        ["pageSize"] = "all parts are fetched",
        ["quiet"] = "a document of its own: wghub api",
    };

    private static IEnumerable<(Noun Noun, Verb Verb)> Verbs => Nouns.Everywhere.SelectMany(noun => noun.Verbs, (noun, verb) => (noun, verb));

    [Fact]
    public async Task Every_call_of_the_API_has_a_command()
    {
        var described = (await DocumentAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) => $"{method.Name.ToUpperInvariant()} {path.Name}")
            .Where(call => call.Contains(" /api", StringComparison.Ordinal)).ToList();

        Assert.Empty(described.Except(Verbs.Select(one => CallOf(one.Verb))).Except(OfMachines).Except(Whole));
        Assert.Empty(Verbs.Select(one => CallOf(one.Verb)).Except(described));
        Assert.Empty(OfMachines.Concat(Whole).Except(described));
    }

    [Fact]
    public async Task Every_field_of_a_call_has_an_option_and_every_option_a_field()
    {
        var document = await DocumentAsync();

        var differences = Verbs.Select(one =>
        {
            var call = document.GetProperty("paths").GetProperty(one.Verb.Path).GetProperty(one.Verb.Method.Method.ToLowerInvariant());
            var fields = QueryOf(call).Concat(BodyOf(call, document)).Except(LeftOut.Keys).Order().ToList();
            var options = one.Verb.Fields.Concat(one.Verb.Query).Select(field => field.Member)
                .Concat(one.Verb.Body?.Invoke().Select(member => member.Key) ?? []).Distinct().Order().ToList();
            var isFixed = one.Verb.Body is not null;
            return (Command: $"{one.Noun.Name} {one.Verb.Name}", Missing: isFixed ? [] : fields.Except(options), Unknown: options.Except(fields));
        }).Where(one => one.Missing.Any() || one.Unknown.Any())
            .Select(one => $"{one.Command}: -{string.Join(',', one.Missing)} +{string.Join(',', one.Unknown)}");

        Assert.Empty(differences);
    }

    [Fact]
    public async Task Every_column_is_a_member_of_what_is_answered()
    {
        var document = await DocumentAsync();

        Assert.Empty(Verbs.Where(one => one.Verb.Rows is not null).SelectMany(one =>
        {
            var answer = Resolved(document.GetProperty("paths").GetProperty(one.Verb.Path).GetProperty("get").GetProperty("responses").GetProperty("200")
                .GetProperty("content").GetProperty("application/json").GetProperty("schema"), document);
            var rows = Resolved(answer.GetProperty("properties").GetProperty(one.Verb.Rows!).GetProperty("items"), document);
            return one.Verb.Columns.Concat(one.Verb.More).Where(column => !rows.GetProperty("properties").TryGetProperty(column.Member, out _))
                .Select(column => $"{one.Noun.Name} {one.Verb.Name}: {column.Member}");
        }));
    }

    [Fact]
    public void An_option_is_spelt_as_its_field_with_dashes() => Assert.Equal(
        ["--custom-ip", "--address-v6", "--network-cidr", "--network-cidr-v6", "--expires-in-hours", "--mtu"],
        new[] { "customIP", "addressV6", "networkCIDR", "networkCIDRv6", "expiresInHours", "mtu" }.Select(member => new Field(member, "").Option));

    private static string CallOf(Verb verb) => $"{verb.Method} {verb.Path}";

    private static IEnumerable<string> QueryOf(JsonElement call) => call.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == "query").Select(one => one.GetProperty("name").GetString()!)
        : [];

    private static IEnumerable<string> BodyOf(JsonElement call, JsonElement document) => call.TryGetProperty("requestBody", out var body)
        ? Resolved(body.GetProperty("content").GetProperty("application/json").GetProperty("schema"), document).GetProperty("properties").EnumerateObject()
            .Select(one => one.Name)
        : [];

    private static JsonElement Resolved(JsonElement schema, JsonElement document)
    {
        var of = schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray().Last() : schema;
        return of.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : of;
    }

    private async Task<JsonElement> DocumentAsync() => (await hub.Viewer.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;
}
