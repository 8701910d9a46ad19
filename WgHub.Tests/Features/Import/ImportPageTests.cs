using System.Net;
using AngleSharp.Html.Parser;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Import;

/// <summary>The way of a person, without script.</summary>
public sealed class ImportPageTests : HubTest
{
    private protected override TestHub Make() => new() { IsSetUp = false };

    [Fact]
    public async Task From_the_set_up_page_a_running_interface_is_taken_over()
    {
        await QuickInterface.StartAsync(Hub, Wg.NewKey(), Wg.NewKey(), Wg.NewKey());
        using var visitor = new Walker(new(Hub.Url));
        var setup = (await visitor.OpenAsync("/setup", Cancel))
            .Fill("Set-up code", (await Hub.Get<SetupCodes>().NewAsync(Cancel))!.Reveal())
            .Fill("Your name", "ada")
            .Fill("Password", LocalAccounts.Password);

        var sources = (await visitor.PressAsync(setup, "Take over a WireGuard that is there…", Cancel)).Expect(HttpStatusCode.OK, "/import");
        var plan = (await visitor.PressAsync(sources, "Look at the interface", Cancel)).Expect(HttpStatusCode.OK, "/import");
        Assert.Contains("3 spokes come in", plan.Words(), StringComparison.Ordinal);
        Assert.Contains("PostUp", plan.Words(), StringComparison.Ordinal);
        plan.Fill("Public endpoint", "vpn.example.com");
        (await visitor.PressAsync(plan, "Take over", Cancel)).Expect(HttpStatusCode.OK, "/spokes");

        Assert.Equal(3, (await Hub.Viewer.GetAsync("/api/spoke/list")).At("total").GetInt32());
    }

    /// <summary>By the fields that stand beside what keeps one from coming: another address, or leaving it out.</summary>
    [Fact]
    public async Task What_keeps_a_running_interface_from_being_taken_over_is_lifted_on_the_page()
    {
        var (laptop, nameless) = (Wg.NewKey(), Wg.NewKey());
        await QuickInterface.StartAsync(Hub, laptop, Wg.NewKey(), nameless);
        await Wg.RunAsync($"wg set {Hub.Interface} peer {laptop} allowed-ips {Hub.Address(2)}/32,{Hub.Address(9)}/32");
        await Wg.RunAsync($"wg set {Hub.Interface} peer {nameless} allowed-ips {Hub.Address(4)}/32,0.0.0.0/0");
        var person = await Hub.PersonAsync(Roles.Admin);
        var plan = await new HtmlParser().ParseDocumentAsync(
            (await person.PostAsync("/import", ("fromInterface", "true"))).Expect(HttpStatusCode.OK).Body, Cancel);
        List<(string, string)> fields = [.. Fields(plan), ("PublicEndpoint", "vpn.example.com")];
        (await person.PostAsync("/import?handler=Apply", [.. fields])).Expect(HttpStatusCode.Conflict);

        Choose(laptop, "Address", Hub.Address(9));
        Choose(nameless, "LeaveOut", "true");
        plan = await new HtmlParser().ParseDocumentAsync(
            (await person.PostAsync("/import?handler=Again", [.. fields])).Expect(HttpStatusCode.OK).Body, Cancel);
        (await person.PostAsync("/import?handler=Apply", [.. Fields(plan), ("PublicEndpoint", "vpn.example.com")])).Expect(HttpStatusCode.Redirect);

        var spokes = (await Hub.Viewer.GetAsync("/api/spoke/list")).At("spokes").EnumerateArray().ToDictionary(
            spoke => spoke.GetProperty("publicKey").GetString()!, spoke => spoke.GetProperty("allowedIPs")[0].GetString());
        Assert.Equal(2, spokes.Count);
        Assert.Equal($"{Hub.Address(9)}/32", spokes[laptop]);

        void Choose(string key, string field, string value)
        {
            var place = fields.Single(one => one.Item2 == key).Item1.Split('.')[0];
            fields.RemoveAll(one => one.Item1 == $"{place}.{field}");
            fields.Add(($"{place}.{field}", value));
        }
    }

    [Fact]
    public async Task A_file_is_looked_at_and_then_taken_with_the_names_that_were_typed()
    {
        (await Hub.Admin.PostAsync("/api/hub/initialize", Hub.SetUp)).Expect(HttpStatusCode.Created);
        var person = await Hub.PersonAsync(Roles.Admin);
        var key = Wg.NewKey();
        var before = await Snapshot.TakeAsync(Hub);

        var page = (await UploadAsync(person, $"[Peer]\n# Anna\nPublicKey = {key}\nAllowedIPs = {Hub.Address(7)}/32\n")).Expect(HttpStatusCode.OK);
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
        var form = await new HtmlParser().ParseDocumentAsync(page.Body, Cancel);
        string Value(string name) => form.QuerySelector($"[name='{name}']")!.GetAttribute("value")!;
        Assert.Equal((key, "Anna"), (Value("Names[0].Key"), Value("Names[0].Name")));

        (await person.PostAsync("/import?handler=Apply", ("Draft", Value("Draft")), ("Hash", "0"))).Expect(HttpStatusCode.Conflict);
        (await person.PostAsync("/import?handler=Apply", ("Draft", Value("Draft")), ("Hash", Value("Hash")), ("Names[0].Key", key), ("Names[0].Name", "a b")))
            .Expect(HttpStatusCode.UnprocessableEntity);
        (await person.PostAsync(
            "/import?handler=Apply", ("Draft", Value("Draft")), ("Hash", Value("Hash")), ("Names[0].Key", key), ("Names[0].Name", "anna-phone")))
            .Expect(HttpStatusCode.Redirect);
        (await person.PostAsync("/import?handler=Again", ("Draft", Value("Draft")))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("anna-phone", (await Hub.Viewer.GetAsync("/api/spoke/list")).At("spokes")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    public async Task A_file_that_is_none_is_told_and_the_page_stands(string text) =>
        Assert.Contains(
            "cannot be read",
            (await UploadAsync(await Hub.PersonAsync(Roles.Admin), text)).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);

    /// <summary>What a browser would send of the form with the plan, but for the endpoint.</summary>
    private static IEnumerable<(string Name, string Value)> Fields(AngleSharp.Dom.IParentNode plan) =>
        plan.QuerySelectorAll("form input[name]")
        .Where(field => field.GetAttribute("type") != "checkbox" || field.HasAttribute("checked"))
        .Where(field => field.GetAttribute("name") is not ("X-CSRF" or "PublicEndpoint"))
        .Select(field => (field.GetAttribute("name")!, field.GetAttribute("value") ?? ""));

    private static Task<Answer> UploadAsync(Person person, string text)
    {
        var content = new MultipartFormDataContent { { new StringContent(text), "files", "wg0.conf" } };
        return person.Browser.SendAsync(HttpMethod.Post, "/import", content, ("X-CSRF", person.Antiforgery));
    }
}
