using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

public sealed class PlatformTokenTests(TestHub hub) : IClassFixture<TestHub>
{
    [Theory]
    [InlineData("linux", "macos", false)]
    [InlineData("linux", "linux", true)]
    [InlineData("windows", "android", false)]
    [InlineData("proxmox", "linux", false)]
    public async Task A_token_for_one_kind_of_machine_is_refused_to_others_before_it_is_bound(string platform, string os, bool isProxmox)
    {
        var secret = (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), platform }))
            .Expect(HttpStatusCode.Created)
            .Text("token", "token");
        var before = await Snapshot.TakeAsync(hub);

        var refusal = (await RegisterAsync(secret, os, isProxmox)).Expect(HttpStatusCode.Forbidden, "TOKEN_WRONG_PLATFORM");

        Assert.Contains("The token is untouched.", refusal.Text("error"), StringComparison.Ordinal);
        Assert.Equal(before, await Snapshot.TakeAsync(hub));
        (await RegisterAsync(secret, platform == "proxmox" ? "linux" : platform, platform == "proxmox")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_a_token_says_of_its_spoke_the_spoke_has()
    {
        var answer = (await hub.Operator.PostAsync(
            "/api/installation/token",
            new
            {
                spokeName = Enrolling.NewName(),
                group = "field",
                owner = "Kim Lee",
                tags = new[] { "Laptop", "berlin" },
                spokeExpiresAt = "2099-05-01T00:00:00Z"
            }))
                .Expect(HttpStatusCode.Created);

        var id = (await RegisterAsync(answer.Text("token", "token"), "linux", false)).Expect(HttpStatusCode.Created).Text("spoke", "id");

        var spoke = await hub.Viewer.GetAsync($"/api/spoke/{id}");
        Assert.Equal(
            ("field", "Kim Lee", """["berlin","laptop"]""", "2099-05-01T00:00:00.000Z"),
            (spoke.Text("group"), spoke.Text("owner"), spoke.Text("tags"), spoke.Text("expiresAt")));
    }

    [Theory]
    [InlineData("platform", "amiga")]
    [InlineData("owner", "=1+1")]
    [InlineData("spokeExpiresAt", "2020-01-01T00:00:00Z")]
    [InlineData("spokeExpiresAt", "next week")]
    public async Task What_makes_no_sense_is_refused_by_field(string field, string text)
    {
        var refusal =
            (await hub.Operator.PostAsync("/api/installation/token", new Dictionary<string, string> { ["spokeName"] = Enrolling.NewName(), [field] = text }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal([field], refusal.Members("errors"));
    }

    private Task<Answer> RegisterAsync(string? token, string os, bool isProxmox) =>
        hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os, isProxmox });
}
