using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Every field of every call, with everything that it is not made for: refused by name, nothing changed, and the call as good as before.</summary>
public sealed class BadInputTests(BadInputHubs hubs) : IClassFixture<BadInputHubs>
{
    private static readonly string[] NoText = ["5", "true", "[]", "{}", """["a"]""", "\"\\ud800\""];
    private static readonly string[] NoNumber = ["\"x\"", "1.5", "true", "[]", "{}", "99999999999", "1e400"];
    private static readonly string[] NoTruth = ["\"yes\"", "5", "[]", "{}"];
    private static readonly string[] Texts = [.. Hostile.Texts.Append(Hostile.Long).Select(Json)];
    private static readonly string[] Missing = ["null", "\"\"", "\" \""];

    /// <summary>Of the hostile texts, those that a place may be called: they are shown and never run.</summary>
    private static readonly string[] PlaceNames = [.. Quoted("a b", "аdmin", "ｅxample", "a\u0301", "٤2", "１２", "𝟏𝟐", "a,b")];

    /// <summary>IPv6 networks that no machine can have an address in.</summary>
    private static readonly string[] NoMachines6 =
    [
        .. Quoted(
            "fe80::/64", "fec0::/64", "ff02::/64", "::/64", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/64", "2002:a08::/48", "::ffff:0:0/96"),
    ];

    /// <summary>By call and field, the values that it must refuse.</summary>
    private static readonly Dictionary<(string Call, string Field), string[]> Refused = new()
    {
        [("initialize", "networkCIDR")] =
            [.. Missing, .. NoText, .. Texts,
                .. Quoted(
                    "10.8.0.1/22", "10.8.0.0/31", "10.8.0.0/32", "0.0.0.0/0", "10.0.0.0/7", "127.0.0.0/16", "224.0.0.0/16",
                    "169.254.0.0/24", "fd00::/64", "10.8.0.0")],
        [("initialize", "networkCIDRv6")] =
            [.. NoText, .. Texts, .. NoMachines6, .. Quoted("fd00::1/64", "fd00::/8", "fd00::/128", "10.8.0.0/22", "fd00::/120")],
        [("config", "networkCIDRv6")] = NoMachines6,
        [("initialize", "publicEndpoint")] = [.. Missing, .. NoText, .. Texts, .. Quoted("hub:0", "hub:65536", "2001:db8::1::2", "hub:1\nPostUp = id")],
        [("initialize", "privateEndpoint")] = [.. NoText, .. Texts],
        [("initialize", "listenPort")] = [.. NoNumber, "0", "-1", "65536"],
        [("initialize", "mtu")] = [.. NoNumber, "0", "67", "65536"],
        [("initialize", "dns")] =
            ["5", "\"1.1.1.1\"", "{}", "[5]", "[[]]", .. Texts.Select(text => $"[{text}]"),
                .. Quoted("[::1]:53", "[::1]", "::1%lo", "1.1.1.1\n", "010.1.1.1", "::1\n").Select(text => $"[{text}]"),
                """["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4","1.1.1.5"]"""],
        [("initialize", "spokeToSpoke")] = NoTruth,
        [("config", "networkCIDR")] = ["\"\"", .. NoText, .. Texts, .. Quoted("10.8.0.1/22", "10.8.0.0/31", "0.0.0.0/0", "127.8.0.0/22", "224.0.0.0/16")],
        [("config", "publicEndpoint")] = ["\"\"", .. NoText, .. Texts],
        [("config", "listenPort")] = [.. NoNumber, "0", "65536"],
        [("config", "mtu")] = [.. NoNumber, "0"],
        [("token", "spokeName")] = [.. Missing, .. NoText, .. Texts, Json(new string('a', 64))],
        [("token", "customIP")] = [.. NoText, .. Texts, .. Quoted("10.8.0", "010.8.0.2", "10.8.0.2/32", "fd00::2", "10.8.0.2\n")],
        [("token", "platform")] = [.. NoText, .. Texts, Json("Linux"), Json("plan9")],
        [("token", "expiresInHours")] = [.. NoNumber, "0", "-1", "8761"],
        [("token", "group")] = [.. NoText, .. Texts.Where(text => text != Json("a b"))],
        [("register", "token")] = [.. Missing, .. NoText, .. Texts],
        [("register", "publicKey")] = [.. Missing, .. NoText, .. Texts],
        [("register", "os")] = [.. Missing, .. NoText, .. Texts],
        [("register", "isProxmox")] = NoTruth,
        [("register", "proxmoxNodeName")] = [.. NoText, .. Texts],
        [("register", "proxmoxClusterName")] = [.. NoText, .. Texts],
        [("register", "proxmoxVersion")] = [.. NoText, .. Texts],
        [("register", "proxmoxMembers")] = [.. NoText, Json(new string('{', 32769))],
        [("register", "proxmoxStatus")] = [.. NoText, Json(new string('[', 32769))],
        [("register", "clock")] = [.. NoNumber, "-1"],
        [("register", "metadata")] =
        [
            "5", "\"a\"", "[]", """{"a":{}}""", """{"a":[]}""", """{"a":"\n"}""", """{"\u0000":"a"}""", """{"a":"\ud800"}""", """{"\ud800":"a"}""",
            $$"""{"a":{{Json(Hostile.Long)}}}""", $$"""{{{Json(new string('a', 65))}}:1}""", $"{{{string.Join(',', Enumerable.Range(0, 33).Select(i => $"\"k{i}\":1"))}}}",
        ],
        [("unregister", "token")] = [.. Missing, .. NoText, .. Texts],
        [("unregister", "publicKey")] = [.. Missing, .. NoText, .. Texts],
        [("cluster token", "site")] = [.. NoText, .. Texts, Json(new string('a', 32)), Json("a.b")],
        [("cluster token", "datacenter")] = [.. NoText, .. Texts.Except(PlaceNames), Json(new string('a', 64))],
        [("cluster token", "maximumNodes")] = [.. NoNumber, "0", "-1", "65"],
        [("cluster token", "expiresInHours")] = [.. NoNumber, "0", "-1", "8761"],
        [("cluster", "datacenter")] = [.. NoText, .. Texts.Except(PlaceNames), Json(new string('a', 64))],
        [("cluster", "description")] = [.. NoText, Json(Hostile.Long), Json("a\0b"), Json("a\u001bb")],
        [("spoke", "name")] = ["\"\"", .. NoText, .. Texts],
        [("spoke", "enabled")] = NoTruth,
        [("spoke", "notes")] = [.. NoText, Json(Hostile.Long), Json("a\0b"), Json("a\u001bb")],
        [("spoke", "expiresAt")] = ["5", "true", "[]", "{}", "\"\"", "\"tomorrow\"", "\"2099-13-01T00:00:00Z\"", "\"\\ud800\""],
    };

    public static TheoryData<string, string> Fields => new(Refused.Keys.Select(key => (key.Call, key.Field)));

    public static TheoryData<string> Calls => [.. Refused.Keys.Select(key => key.Call).Distinct()];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_takes_only_what_it_is_made_for(string call, string field)
    {
        var target = await hubs.TargetAsync(call);
        var before = await Snapshot.TakeAsync(target.Hub);
        List<string> wrong = [];
        foreach (var value in Refused[(call, field)])
        {
            var answer = await target.SendAsync(With(target.Body, field, value));
            if (!IsRefusal(answer, field))
            {
                wrong.Add($"{value[..Math.Min(60, value.Length)]}: {(int)answer.Status} {answer.Body}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await Snapshot.TakeAsync(target.Hub));
        if (call != "initialize")
        {
            Assert.True((int)(await target.SendAsync(target.Body.ToJsonString())).Status is 200 or 201, "The call itself is good.");
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_body_that_is_not_its_JSON_is_refused(string call)
    {
        var target = await hubs.TargetAsync(call);
        var before = await Snapshot.TakeAsync(target.Hub);
        string[] bodies =
            ["", " ", "null", "[]", "5", "\"a\"", "{", "{}}", "{'a':1}", "\u0000", $"{new string('[', 200)}{new string(']', 200)}",
                $$"""{"metadata":{{Deep(100)}},"dns":{{Deep(100)}}}"""];
        foreach (var body in bodies)
        {
            (await target.SendAsync(body)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }

        (await target.SendAsync($$"""{"spokeName":"{{new string('a', 1_100_000)}}"}""")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await target.Caller.SendAsync(target.Method, target.Path, new StringContent(target.Body.ToJsonString(), Encoding.UTF8, "text/plain")))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Equal(before, await Snapshot.TakeAsync(target.Hub));
    }

    [Fact]
    public async Task Addresses_that_nobody_meant_are_not_found()
    {
        HttpStatusCode[] refusals = [HttpStatusCode.NotFound, HttpStatusCode.BadRequest];   // the server itself refuses a NUL
        foreach (
            var path in new[] { "/api/spoke/%00", "/api/spoke/..%2f..%2fetc", "/api/spoke/'%20or%201=1--", "/api/nothing",
                "/api/hub/config/x", $"/api/spoke/{new string('a', 4000)}", "/i/%00", "/i/%0aPostUp" })
        {
            Assert.Contains((await hubs.Ready.Admin.GetAsync(path)).Status, refusals);
        }

        foreach (var query in new[] { "q=%00", "q=%f0%28%8c%28", "os=%27", "cluster=%0a", "status=%00" })
        {
            Assert.NotEqual(HttpStatusCode.InternalServerError, (await hubs.Ready.Admin.GetAsync($"/api/spoke/list?{query}")).Status);
        }
    }

    private static bool IsRefusal(Answer answer, string field) => answer.Code switch
    {
        "VALIDATION_FAILED" => answer.Status == HttpStatusCode.BadRequest && answer.Members("errors").All(name => name.StartsWith(field, StringComparison.Ordinal)),
        "INVALID_PUBLIC_KEY" => answer.Status == HttpStatusCode.BadRequest && field == "publicKey",
        "TOKEN_NOT_FOUND" => answer.Status == HttpStatusCode.NotFound && field == "token",
        _ => false,
    };

    private static string With(JsonObject body, string field, string value)
    {
        var members = body.Where(member => member.Key != field).Select(member => $"{Json(member.Key)}:{member.Value?.ToJsonString() ?? "null"}");
        return $"{{{string.Join(',', members.Append($"{Json(field)}:{value}"))}}}";
    }

    private static string Deep(int levels) => $"{string.Concat(Enumerable.Repeat("""{"a":""", levels))}1{new string('}', levels)}";

    private static IEnumerable<string> Quoted(params string[] texts) => texts.Select(Json);

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
