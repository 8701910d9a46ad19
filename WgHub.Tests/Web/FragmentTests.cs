using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A poll of what stands still gets nothing but that word.</summary>
public sealed class FragmentTests : TimedHubTest
{
    /// <summary>A form in it has a new secret in each answer.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/spokes")]
    [InlineData("/tokens")]
    public async Task What_has_not_changed_is_not_sent_again(string path)
    {
        var person = await Hub.PersonAsync(Roles.Operator);
        var spoke = await Hub.EnrolAsync("oslo");
        var first = (await PollAsync(null)).Expect(HttpStatusCode.OK);

        var same = await PollAsync(first.Headers.ETag?.Tag);
        await Hub.TokenAsync("bergen");
        await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        var other = await PollAsync(first.Headers.ETag?.Tag);

        Assert.Contains("id=", first.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotModified, ""), (same.Status, same.Body));
        Assert.Equal(HttpStatusCode.OK, other.Status);

        Task<Answer> PollAsync(string? has) => person.Browser.SendAsync(
            HttpMethod.Get, path, null, [("HX-Request", "true"), .. has is null ? Array.Empty<(string, string)>() : [("If-None-Match", has)]]);
    }

    /// <summary>Somebody who may do less sees another page, and never the answer that was another's.</summary>
    [Fact]
    public async Task It_is_told_by_what_one_sees()
    {
        await Hub.EnrolAsync("oslo");
        var seen = await (await Hub.PersonAsync(Roles.Operator)).Browser.SendAsync(HttpMethod.Get, "/spokes", null, ("HX-Request", "true"));

        var answer = await (await Hub.PersonAsync(Roles.Viewer)).Browser.SendAsync(
            HttpMethod.Get, "/spokes", null, ("HX-Request", "true"), ("If-None-Match", $"{seen.Headers.ETag}"));

        answer.Expect(HttpStatusCode.OK);
    }
}
