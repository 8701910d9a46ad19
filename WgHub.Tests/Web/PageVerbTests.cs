using System.Net;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A page answers the verbs and handlers that it has, and the others like an address that is not there.</summary>
public sealed class PageVerbTests(TestHub hub) : IClassFixture<TestHub>
{
    [Theory]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("OPTIONS", "")]
    [InlineData("POST", "?handler=nothing")]
    public async Task A_verb_or_handler_that_a_page_does_not_have_is_a_404(string method, string query)
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        var spoke = await hub.EnrolAsync();
        foreach (var page in (await hub.EndpointsAsync()).Where(endpoint => endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>() is not null))
        {
            if (
                method == "POST"
                    && page.Metadata.GetRequiredMetadata<CompiledPageActionDescriptor>()
                        .HandlerMethods.Any(handler => handler is { HttpMethod: "Post", Name: null }))
            {
                continue; // that one takes every POST
            }

            var path =
                $"/{page.RoutePattern.RawText}".Replace(
                    "{id}", page.RoutePattern.RawText!.StartsWith("users", StringComparison.Ordinal) ? admin.User.Id : spoke.Id, StringComparison.Ordinal);
            var answer = await admin.Browser.SendAsync(new(method), path + query, null, ("X-CSRF", admin.Antiforgery));

            Assert.True(answer.Status == HttpStatusCode.NotFound, $"{method} {path}: {(int)answer.Status}");
        }
    }
}
