using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using WgHub.Architecture;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class LazyPagesTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>It gets them from the moment somebody asks for it; before, it is like an address that names none, and those are refused to everybody.</summary>
    [Fact]
    public void A_page_that_nobody_asked_for_lets_nobody_in()
    {
        var pages = hub.Get<EndpointDataSource>().Endpoints.Where(endpoint => LazyPages.PageOf(endpoint) is not null).ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.DoesNotContain(page.Metadata, data => data is IAllowAnonymous or IAuthorizeData));
    }

    /// <summary>Whoever reads what all addresses say of themselves must read what pages say from their classes.</summary>
    [Fact]
    public void Only_those_who_know_of_it_read_all_addresses() =>
        Assert.Equal(
            ["WgHub/Web/SecretPaths.cs"],
            Sources.OfTheHub(".cs").Where(file => file.Text.Contains("EndpointDataSource", StringComparison.Ordinal)).Select(file => file.Path));
}
