using System.Net;
using Microsoft.AspNetCore.Routing;
using WgHub.Features.Auth.Admin;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A browser that was left alone gives nobody power: after five minutes who asks must prove anew who they are.</summary>
public sealed class ConfirmationTests : TimedHubTest
{
    [Fact]
    public async Task Every_change_of_accounts_and_every_new_token_wants_a_fresh_proof()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        var target = await Hub.PersonAsync(Roles.Viewer);
        var session = Hub.Get<SessionStore>().Of(target.User.Id).Single().Id;
        Time.Advance(Confirmation.Life);

        IEnumerable<string> forms = ["/users/new", "/api-tokens/new", .. UserPageTests.Forms.Select(form => $"/users/{target.User.Id}{form.Data}")];
        foreach (var form in forms)
        {
            var answer = await admin.PostAsync(form, ("name", "eve"), ("role", Roles.Admin), ("password", "correct horse battery"), ("session", session));
            ExpectConfirm(answer, form);
        }

        Assert.Equal(target.User, Hub.Get<UserList>().Find(target.User.Id)!.User);
        Assert.Single(Hub.Get<SessionStore>().Of(target.User.Id));
        Assert.Equal(2, Hub.Database.Read(db => db.Count($"select count(*) from users")));
        Assert.DoesNotContain(Hub.Get<ApiTokenStore>().List(), token => token.Name == "eve");
    }

    [Fact]
    public async Task A_form_asks_for_the_proof_before_it_is_filled_in_and_takes_it()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        var target = await Hub.AccountAsync(Roles.Viewer);
        Time.Advance(Confirmation.Life);
        var form = $"/users/{target.Id}/role";
        ExpectConfirm(await admin.GetAsync(form), form);
        (await admin.GetAsync($"/users/{target.Id}")).Expect(HttpStatusCode.OK);   // reading is free

        var session = Hub.Get<SessionStore>().Of(admin.User.Id).Single().Id;
        await Hub.Database.WriteAsync(db => Hub.Get<SessionStore>().Confirm(db, session), Cancel);

        (await admin.GetAsync(form)).Expect(HttpStatusCode.OK);
        (await admin.PostAsync(form, ("role", Roles.Operator))).Expect(HttpStatusCode.Redirect);
        Assert.Equal(Roles.Operator, Hub.Get<UserList>().Find(target.Id)!.User.Role);
    }

    [Fact]
    public async Task A_part_of_a_page_sends_the_whole_browser_there()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        Time.Advance(Confirmation.Life);

        var answer =
            await admin.Browser.SendAsync(HttpMethod.Post, "/users/new", new FormUrlEncodedContent([]), ("X-CSRF", admin.Antiforgery), ("HX-Request", "true"));

        Assert.Equal("/confirm?returnUrl=%2Fusers%2Fnew", answer.Headers.GetValues("HX-Redirect").Single());
    }

    [Fact]
    public async Task A_token_is_revoked_without_one()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        Time.Advance(Confirmation.Life);

        (await admin.PostAsync($"/api-tokens?handler=Revoke&id={Hub.Get<ApiTokenStore>().List().Single(token => token.Role == Roles.Viewer).Id}"))
            .Expect(HttpStatusCode.Redirect);

        (await Hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Fact]
    public async Task The_API_asks_a_browser_for_it_wherever_a_page_would_and_a_program_never()
    {
        var admin = await Hub.PersonAsync(Roles.Admin);
        var calls = (await Hub.EndpointsAsync()).Where(endpoint => endpoint.Metadata.GetMetadata<NeedsConfirmation>() is not null)
            .Select(endpoint => (
                Method: new HttpMethod(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single()),
                Path: $"/{endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{who}", "nobody", StringComparison.Ordinal)}"))
            .ToList();
        Assert.Equal(
            [
                "/api/hub/key/announce", "/api/hub/key/end", "/api/hub/key/switch", "/api/import/apply", "/api/import/plan", "/api/persons/nobody/erase",
                "/api/persons/nobody/export", "/api/retention/run",
            ],
            calls.Select(call => call.Path).Order());

        foreach (var call in calls)
        {
            Assert.NotEqual("CONFIRMATION_NEEDED", (await CallAsync(call)).Code);
            Assert.NotEqual("CONFIRMATION_NEEDED", (await Hub.Admin.SendAsync(call.Method, call.Path, Nothing())).Code);
        }

        Time.Advance(Confirmation.Life);

        foreach (var call in calls)
        {
            (await CallAsync(call)).Expect(HttpStatusCode.Forbidden, "CONFIRMATION_NEEDED");
            Assert.NotEqual("CONFIRMATION_NEEDED", (await Hub.Admin.SendAsync(call.Method, call.Path, Nothing())).Code);
        }

        Task<Answer> CallAsync((HttpMethod Method, string Path) call) =>
            admin.Browser.SendAsync(call.Method, call.Path, Nothing(), ("X-CSRF", admin.Antiforgery));

        static StringContent Nothing() => new("{}", null, "application/json");
    }

    private static void ExpectConfirm(Answer answer, string path) =>
        Assert.Equal(
            (HttpStatusCode.Redirect, $"/confirm?returnUrl={Uri.EscapeDataString(path.Split('?')[0])}"),
            (answer.Status, answer.Headers.Location?.OriginalString));
}
