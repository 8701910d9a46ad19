using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>What a spoke that has lost the hub is told outside of its tunnel.</summary>
public sealed class WhereaboutsTests : HubTest
{
    [Fact]
    public async Task A_spoke_learns_the_endpoints_of_now()
    {
        var spoke = await Hub.EnrolAsync();
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "vpn.example.org:443", privateEndpoint = "192.0.2.7:51999" }))
            .Expect(HttpStatusCode.OK);

        var told = (await AskAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);
        Assert.Equal(("vpn.example.org:443", "192.0.2.7:51999"), (told.Text("publicEndpoint"), told.Text("privateEndpoint")));

        using var body = new StringContent($$"""{"token":"{{spoke.Token}}","publicKey":"{{spoke.Key}}"}""", System.Text.Encoding.UTF8, "application/json");
        var text = await Hub.Nobody.SendAsync(HttpMethod.Post, "/api/spoke/endpoints", body, ("Accept", "text/plain"));
        Assert.Equal("publicEndpoint=vpn.example.org:443\nprivateEndpoint=192.0.2.7:51999\nend\n", text.Body);
    }

    [Fact]
    public async Task Nobody_else_is_told()
    {
        var (spoke, other) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        var (_, unused, _) = await Hub.TokenAsync();

        (await AskAsync(other.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
        (await AskAsync(unused, spoke.Key)).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await AskAsync(new string('A', 43), spoke.Key)).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
        (await AskAsync(spoke.Token, "x")).Expect(HttpStatusCode.BadRequest, "INVALID_PUBLIC_KEY");

        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        (await AskAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);
        (await AskAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
    }

    [Fact]
    public async Task The_line_without_a_token_holds_no_secret_and_is_the_same_for_everybody()
    {
        var spoke = await Hub.EnrolAsync();
        var script = (await Hub.Nobody.GetAsync("/i/again")).Expect(HttpStatusCode.OK).Body;

        Assert.DoesNotContain(spoke.Token, script, StringComparison.Ordinal);
        Assert.Contains("\nTOKEN=''\n", script, StringComparison.Ordinal);
        Assert.Contains("\nWITHOUT_TOKEN='again' ", script, StringComparison.Ordinal);
        Assert.Contains("\nWITHOUT_TOKEN='rotate' ", (await Hub.Nobody.GetAsync("/i/rotate")).Body, StringComparison.Ordinal);
    }

    private Task<Answer> AskAsync(string token, string publicKey) => Hub.Nobody.PostAsync("/api/spoke/endpoints", new { token, publicKey });
}
