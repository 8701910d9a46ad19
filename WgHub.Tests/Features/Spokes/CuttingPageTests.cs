using System.Net;
using AngleSharp.Dom;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Without script: no click cuts a tunnel unasked, and each says what it did.</summary>
public sealed class CuttingPageTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Disable_asks_and_Enable_undoes_it()
    {
        var spoke = await hub.EnrolAsync();
        using var visitor = await VisitorAsync();
        var list = await visitor.OpenAsync("/spokes", Cancel);
        var way = list.QuerySelector($"#spoke-{spoke.Id} a[href$='/disable']")!;
        Assert.Equal("Disable…", way.TextContent);

        var question = await visitor.OpenAsync(way.GetAttribute("href")!, Cancel);
        Assert.Contains($"Disable {spoke.Name}? It is not connected now.", question.Words(), StringComparison.Ordinal);
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));

        var off = (await visitor.PressAsync(question, "Disable", Cancel)).Expect(HttpStatusCode.OK, $"/spokes/{spoke.Id}");
        Assert.Contains($"{spoke.Name} is disabled: its tunnel has ended", off.Words(), StringComparison.Ordinal);
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));

        await visitor.PressAsync(off, "Enable it again", Cancel);
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task Many_are_disabled_after_a_question_and_enabled_again_by_one_button()
    {
        var (on, off) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        foreach (var spoke in new[] { on, off })
        {
            (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group = "night" })).Expect(HttpStatusCode.OK);
        }

        (await hub.Operator.PatchAsync($"/api/spoke/{off.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        using var visitor = await VisitorAsync();
        var page = await visitor.OpenAsync("/spokes/bulk?group=night", Cancel);
        page.QuerySelector<AngleSharp.Html.Dom.IHtmlSelectElement>("select[name='Fields.Action']")!.Value = "disable";

        var question = await visitor.PressAsync(page, "Apply to 2 spokes", Cancel);
        Assert.Contains("Disable 2 spokes? None of them is connected now.", question.Words(), StringComparison.Ordinal);
        Assert.Contains(on.Key, await Wg.PeersAsync(hub.Interface));

        var done = await visitor.PressAsync(question, "Disable 2 spokes", Cancel);
        Assert.Contains("One spoke was disabled", done.Words(), StringComparison.Ordinal);
        Assert.DoesNotContain(on.Key, await Wg.PeersAsync(hub.Interface));

        var list = (await visitor.PressAsync(done, "Enable one spoke again", Cancel)).Expect(HttpStatusCode.OK, "/spokes");
        Assert.Contains("1 spoke was enabled.", list.Words(), StringComparison.Ordinal);
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal((true, false), (live.ContainsKey(on.Key), live.ContainsKey(off.Key)));    // who was off before stays so
    }

    [Fact]
    public async Task Two_thousand_are_enabled_again_too()
    {
        var spoke = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        var ids = string.Join(' ', Enumerable.Range(0, 2000).Select(_ => Guid.NewGuid().ToString()).Append(spoke.Id));

        var person = await hub.PersonAsync(Roles.Operator);
        (await person.PostAsync("/spokes/bulk", ("Fields.Ids", ids), ("Fields.Action", "enable"))).Expect(HttpStatusCode.Redirect);

        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task An_end_that_is_over_is_refused_on_a_page_and_taken_from_a_program()
    {
        var spoke = await hub.EnrolAsync();
        var person = await hub.PersonAsync(Roles.Operator);
        (string, string)[] fields = [("Fields.Name", spoke.Name), ("Fields.ExpiresAt", "2020-01-01T00:00")];

        (await person.PostAsync($"/spokes/{spoke.Id}", fields)).Expect(HttpStatusCode.UnprocessableEntity);
        (await person.PostAsync("/spokes/bulk", ("Fields.Id", spoke.Id), ("Fields.Action", "setExpiry"), ("Fields.ExpiresAt", "2020-01-01T00:00")))
            .Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));

        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = "2020-01-01T00:00:00Z" })).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));
        (await person.PostAsync($"/spokes/{spoke.Id}", [.. fields, ("Fields.Notes", "retired")])).Expect(HttpStatusCode.OK);    // it is so already
    }

    [Fact]
    public async Task What_was_done_is_told_by_words_of_ours_alone()
    {
        var person = await hub.PersonAsync(Roles.Operator);
        async Task<string> SaysAsync(string query) => (await person.GetAsync($"/spokes?{query}")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("oslo was removed.", await SaysAsync("did=removed&whose=oslo"), StringComparison.Ordinal);
        Assert.Contains("2,000 spokes were enabled.", await SaysAsync("did=enabled&many=2000"), StringComparison.Ordinal);
        foreach (var query in new[] { "did=hacked&whose=oslo", "did=removed&whose=a%20b", "did=removed", "did=removed&many=-1", "did=removed&many=x" })
        {
            Assert.DoesNotContain("alert-success", await SaysAsync(query), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_no_button_brings_back_is_asked_by_a_page_where_no_script_asks()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var target = await hub.AccountAsync(Roles.Viewer, "bert");
        async Task<Answer> PressAsync(params (string, string)[] fields) => await admin.Browser.SendAsync(
            HttpMethod.Post, $"/users/{target.Id}?handler=Disable",
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))), ("X-CSRF", admin.Antiforgery));

        var question = (await PressAsync(("note", "<b>&\""))).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("Disable this account?", question, StringComparison.Ordinal);
        Assert.Contains("name=\"note\" value=\"&lt;b&gt;&amp;&quot;\"", question, StringComparison.Ordinal);
        Assert.Contains("Enabled", (await admin.GetAsync($"/users/{target.Id}")).Body, StringComparison.Ordinal);

        (await PressAsync((AsksFirstAttribute.Answer, "true"))).Expect(HttpStatusCode.Redirect);
        Assert.Contains("Disabled", (await admin.GetAsync($"/users/{target.Id}")).Body, StringComparison.Ordinal);
    }

    private async Task<Visitor> VisitorAsync()
    {
        await hub.AddPersonAsync(Roles.Admin); // else there is the set-up alone
        var visitor = new Visitor(new(hub.Url));
        await visitor.SignInAsync((await hub.AddPersonAsync(Roles.Operator)).Name);
        return visitor;
    }
}
