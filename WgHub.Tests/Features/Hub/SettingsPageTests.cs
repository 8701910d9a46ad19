using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>Without script, as a person presses the buttons: what may cut somebody off is asked first, and can be put back.</summary>
public sealed class SettingsPageTests : HubTest
{
    private int NewPort => Hub.Port + 1000;

    [Fact]
    public async Task Another_port_asks_with_the_endpoint_at_it_and_is_put_back_by_one_button()
    {
        await EnrolAsync("oslo", "linux", isByLine: true);
        var phone = await EnrolAsync("phone", "android", isByLine: false);
        await EnrolAsync("desk", "windows", isByLine: true);
        using var visitor = await VisitorAsync();
        var before = await ConfigAsync();

        var question = await SaveAsync(visitor, ("UDP port", $"{NewPort}"));
        var words = question.Words();
        Assert.Contains($"the UDP port: {Hub.Port} → {NewPort}", words, StringComparison.Ordinal);
        Assert.Contains("3 spokes are let in, and none is connected now", words, StringComparison.Ordinal);
        Assert.Matches("1 machine with Linux or macOS: the timer .* within five minutes", words);
        Assert.Matches("1 machine with Windows: run the line", words);
        Assert.Matches("1 device by hand.* phone", words);
        Assert.NotNull(question.QuerySelector($"a[href='/spokes/{phone}']"));
        var offered = question.QuerySelectorAll<IHtmlInputElement>("input[type=radio]");
        Assert.Equal([$"vpn.example.com:{NewPort}", $"vpn.example.com:{Hub.Port}"], offered.Select(choice => choice.Value));
        Assert.Equal([true, false], offered.Select(choice => choice.IsChecked));
        Assert.Equal(before, await ConfigAsync());

        var saved = await visitor.PressAsync(question, "Save it", Cancel);
        Assert.Equal((NewPort, $"vpn.example.com:{NewPort}"), await ConfigAsync());
        Assert.Contains($"the public endpoint: vpn.example.com:{Hub.Port} → vpn.example.com:{NewPort}", saved.Words(), StringComparison.Ordinal);

        var back = await visitor.PressAsync(saved, "Put all of it back", Cancel);
        Assert.Equal(before, await ConfigAsync());
        Assert.Contains($"the UDP port: {NewPort} → {Hub.Port}", back.Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoint_may_stay_but_never_silently()
    {
        using var visitor = await VisitorAsync();
        var question = await SaveAsync(visitor, ("UDP port", $"{NewPort}"));    // nobody is there yet: the endpoint is asked for all the same
        Assert.DoesNotContain("let in", question.Words(), StringComparison.Ordinal);

        question.QuerySelectorAll<IHtmlInputElement>("input[type=radio]").Last().IsChecked = true;
        var saved = await visitor.PressAsync(question, "Save it", Cancel);

        Assert.Equal((NewPort, $"vpn.example.com:{Hub.Port}"), await ConfigAsync());
        await visitor.PressAsync(saved, $"Put the UDP port back to {Hub.Port}", Cancel);
        Assert.Equal((Hub.Port, $"vpn.example.com:{Hub.Port}"), await ConfigAsync());
    }

    [Fact]
    public async Task Going_back_keeps_what_was_typed_and_changes_nothing()
    {
        await Hub.EnrolAsync();
        using var visitor = await VisitorAsync();

        var form = await visitor.PressAsync(await SaveAsync(visitor, ("MTU", "1300"), ("DNS servers", "9.9.9.9")), "Back to the fields", Cancel);

        Assert.Equal(("1300", "9.9.9.9"), (FieldOf(form, "Mtu"), FieldOf(form, "Dns")));
        Assert.Equal("1420", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("mtu"));
    }

    [Fact]
    public async Task What_cuts_nobody_off_is_not_asked()
    {
        using var visitor = await VisitorAsync();
        var saved = await SaveAsync(visitor, ("MTU", "1400"));
        Assert.Contains("Saved. The interface is so now: the MTU: 1420 → 1400", saved.Words(), StringComparison.Ordinal);

        await Hub.EnrolAsync();
        var form = await visitor.OpenAsync("/settings", Cancel);
        form.QuerySelector<IHtmlInputElement>("input[name=PresharedKeys][type=checkbox]")!.IsChecked = false;
        Assert.Contains("preshared keys: on → off", (await visitor.PressAsync(form, "Save", Cancel)).Words(), StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", (await SaveAsync(visitor)).Words(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Public endpoint", "hub.example.org", "Nobody is cut off by this")]
    [InlineData("Private endpoint", "192.0.2.7", "Nobody is cut off by this")]
    [InlineData("MTU", "1300", "Nobody is cut off by another MTU")]
    [InlineData("DNS servers", "9.9.9.9", "Nobody is cut off by another MTU or DNS server")]
    [InlineData("IPv6 network", "fd42:7::/64", "Everybody keeps their address")]
    public async Task Each_change_says_what_it_means(string field, string value, string sentence)
    {
        await Hub.EnrolAsync();
        using var visitor = await VisitorAsync();

        Assert.Contains(sentence, (await SaveAsync(visitor, (field, value))).Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_about_a_hub_that_was_changed_meanwhile_is_asked_anew()
    {
        await Hub.EnrolAsync();
        using var visitor = await VisitorAsync();
        var question = await SaveAsync(visitor, ("MTU", "1300"));
        (await Hub.Admin.PutAsync("/api/hub/config", new { dns = new[] { "9.9.9.9" } })).Expect(HttpStatusCode.OK);

        var again = await visitor.PressAsync(question, "Save it", Cancel);

        Assert.Contains("the DNS servers: 9.9.9.9 → none", again.Words(), StringComparison.Ordinal);
        Assert.Equal("1420", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("mtu"));
    }

    [Fact]
    public async Task To_put_back_touches_nothing_that_others_have_changed_since()
    {
        using var visitor = await VisitorAsync();
        var saved = await SaveAsync(visitor, ("MTU", "1300"));
        (await Hub.Admin.PutAsync("/api/hub/config", new { dns = new[] { "9.9.9.9" } })).Expect(HttpStatusCode.OK);

        await visitor.PressAsync(saved, "Put the MTU back to 1420", Cancel);

        var config = await Hub.Viewer.GetAsync("/api/hub/config");
        Assert.Equal(("1420", "9.9.9.9"), (config.Text("mtu"), config.At("dns")[0].GetString()));
    }

    [Fact]
    public async Task A_port_in_use_is_told_before_anything_is_asked()
    {
        await Hub.EnrolAsync();
        using var other = new System.Net.Sockets.UdpClient(NewPort);
        using var visitor = await VisitorAsync();

        Assert.Contains($"UDP port {NewPort} is in use", (await SaveAsync(visitor, ("UDP port", $"{NewPort}"))).Words(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Roles.Viewer)]
    [InlineData(Roles.Operator)]
    public async Task Who_may_not_change_it_reads_it_without_fields_and_without_advice_for_others(string role)
    {
        var page = (await (await Hub.PersonAsync(role)).GetAsync("/settings")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains($"vpn.example.com:{Hub.Port}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ListenPort\"", page, StringComparison.Ordinal);
        Assert.Equal(role == Roles.Operator, page.Contains("/i/again", StringComparison.Ordinal));
    }

    private async Task<string> EnrolAsync(string name, string os, bool isByLine)
    {
        var (_, token, _) = await Hub.TokenAsync(name);
        object metadata = isByLine ? new { wireguardVersion = "1.0.20210914" } : new { };
        return (await Hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os, metadata })).Expect(HttpStatusCode.Created)
            .Text("spoke", "id")!;
    }

    private async Task<Visitor> VisitorAsync()
    {
        var visitor = new Visitor(new(Hub.Url));
        await visitor.SignInAsync((await Hub.AddPersonAsync(Roles.Admin)).Name);
        return visitor;
    }

    private static async Task<IDocument> SaveAsync(Visitor visitor, params (string Label, string Text)[] fields)
    {
        var form = await visitor.OpenAsync("/settings", Cancel);
        foreach (var (label, text) in fields)
        {
            form.Fill(label, text);
        }

        return await visitor.PressAsync(form, "Save", Cancel);
    }

    private static string FieldOf(IDocument page, string name) => page.QuerySelector<IHtmlInputElement>($"input[name='{name}']")!.Value;

    private async Task<(int Port, string Endpoint)> ConfigAsync()
    {
        var config = await Hub.Viewer.GetAsync("/api/hub/config");
        return (config.At("listenPort").GetInt32(), config.Text("publicEndpoint")!);
    }
}
