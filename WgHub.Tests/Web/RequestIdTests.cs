using WgHub.Hosting;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>The name of a request, to its caller and in the log.</summary>
public sealed class RequestIdTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Made = "^[0-9a-f]{16}$";

    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/api/nothing")]
    [InlineData("/api/spoke/list")]
    [InlineData("/")]
    [InlineData("/signin")]
    [InlineData("/nowhere")]
    [InlineData("/i/install.ps1")]
    public async Task Every_answer_has_one_also_a_refusal(string path)
    {
        var (first, second) = (await hub.Nobody.GetAsync(path), await hub.Nobody.GetAsync(path));

        Assert.Matches(Made, Assert.Single(first.Headers.GetValues(RequestIds.Header)));
        Assert.NotEqual(first.Headers.GetValues(RequestIds.Header), second.Headers.GetValues(RequestIds.Header));
        if (first.Code is not null)
        {
            Assert.Equal(first.Text("requestId"), Assert.Single(first.Headers.GetValues(RequestIds.Header)));
        }
    }

    [Theory]
    [InlineData(RequestIds.Header, "4f3a-7.b_C", "4f3a-7.b_C")]
    [InlineData("traceparent", Trace, "4bf92f3577b34da6a3ce929d0e0e4736")]
    public async Task A_callers_own_is_kept(string header, string sent, string expected)
    {
        var answer = await hub.Nobody.SendAsync(HttpMethod.Get, "/api/spoke/list", null, (header, sent));

        Assert.Equal((expected, expected), (Assert.Single(answer.Headers.GetValues(RequestIds.Header)), answer.Text("requestId")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-begins")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    [InlineData("a,b")]
    [InlineData("<script>")]
    [InlineData("\"}{\"")]
    [InlineData("../../etc/passwd")]
    [InlineData("\u001b[31m")]
    [InlineData("ä")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task What_is_more_than_a_name_is_replaced(string sent)
    {
        Assert.Matches(Made, RequestId.From([sent], []));
        Assert.Matches(Made, RequestId.From([$"{sent}\n"], []));
        if (!System.Text.Ascii.IsValid(sent))
        {
            return; // no header of our client's
        }

        var answer = await hub.Nobody.SendAsync(HttpMethod.Get, "/healthz", null, (RequestIds.Header, sent));
        Assert.Matches(Made, Assert.Single(answer.Headers.GetValues(RequestIds.Header)));
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    public void A_trace_that_is_none_is_none(string sent) => Assert.Matches(Made, RequestId.From([], [sent]));

    [Fact]
    public void Of_two_that_contradict_each_other_none_is_taken()
    {
        Assert.Matches(Made, RequestId.From(["one", "two"], []));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", RequestId.From(["two words"], [Trace]));
        Assert.Equal("one", RequestId.From(["one"], [Trace]));
    }
}
