using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WgHub.Features.Auth.Accounts;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;
using Walker = WgHub.Published.Visitor;

namespace WgHub.Features.Auth.Local;

/// <summary>Requests that no page of ours sends: malformed, oversized, out of order. Each is refused, and none is a 500.</summary>
public sealed class BadSignInTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly string[] Addresses =
        ["/signin", "/signin/second", "/confirm", "/account?handler=End", "/account/password", "/account/authenticator?handler=Enable", "/setup/reset"];

    public static TheoryData<string, string> Bodies => new()
    {
        { "", "application/x-www-form-urlencoded" },
        { "%", "application/x-www-form-urlencoded" },
        { "Name=a&Name=b&Code=1&Code=2&Password=%00", "application/x-www-form-urlencoded" },
        { "{\"Name\": {}}", "application/json" },
        { "--x\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\n", "multipart/form-data; boundary=x" },
        { new('a', 2_000_000), "application/x-www-form-urlencoded" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_form_that_is_not_one_is_refused(string body, string type)
    {
        await hub.AddPersonAsync(Roles.Admin);
        var user = await hub.AddPersonAsync();
        var browser = hub.Client(null, $"wghub={await hub.SessionOfAsync(user.Name)}");
        foreach (var address in Addresses)
        {
            foreach (var caller in new[] { hub.Nobody, browser })
            {
                var answer =
                    await caller.SendAsync(
                        HttpMethod.Post, address, new StringContent(body, Encoding.ASCII) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } });
                Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Redirect, $"{address}: {answer.Status}");
            }
        }

        Assert.Single(hub.Get<SessionStore>().Of(user.Id));
    }

    [Fact]
    public async Task Fields_longer_than_any_are_wrong_and_nothing_worse()
    {
        await hub.AddPersonAsync(Roles.Admin);
        using var visitor = new Walker(new(hub.Url));

        (await visitor.SignInAsync(new('n', 30_000), new('p', 30_000))).Expect(HttpStatusCode.Unauthorized, "/signin");
        (await visitor.SignInAsync("a'; drop table users --", "\u0001\ud83d\ude00")).Expect(HttpStatusCode.Unauthorized, "/signin");
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_same_form_works_afterwards()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        await using var small = new TestHub { Folder = disk.Folder.CreateSubdirectory("data") };
        await small.InitializeAsync();
        var user = await small.AddPersonAsync(Roles.Admin);
        using var visitor = new Walker(new(small.Url));
        var form = await visitor.OpenAsync("/signin", Cancel);
        disk.Fill();
        await FillDatabaseAsync(small);

        var page =
            (await visitor.PressAsync(form.Fill("Name", user.Name).Fill("Password", LocalAccounts.Password), "Sign in", Cancel))
                .Expect(HttpStatusCode.ServiceUnavailable, "/signin");
        Assert.Contains("The disk is full.", page.Words(), StringComparison.Ordinal);
        (await visitor.PressAsync(page.Fill("Name", user.Name).Fill("Password", "wrong horse battery"), "Sign in", Cancel))
            .Expect(HttpStatusCode.ServiceUnavailable, "/signin");

        disk.Free();
        (await visitor.PressAsync(page.Fill("Name", user.Name).Fill("Password", LocalAccounts.Password), "Sign in", Cancel)).Expect(HttpStatusCode.OK, "/");
    }

    /// <summary>What SQLite has of the disk already is used up first.</summary>
    private static async Task FillDatabaseAsync(TestHub hub)
    {
        Answer answer;
        do
        {
            answer = await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName() });
        }
        while (answer.Status == HttpStatusCode.Created);
    }
}
