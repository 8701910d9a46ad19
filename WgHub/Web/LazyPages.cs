using System.Reflection;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Razor.Compilation;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing.Matching;

namespace WgHub.Web;

/// <summary>
/// A page is looked into when it is first asked for: its handlers, bound properties, and who may call it. The framework would look into
/// all of them at the start, which was a fifth of what a start costs. Until then a page has an address and no policy: nobody is let in.
/// </summary>
internal sealed class LazyPages(PageLoader loader) : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>Before whatever looks at an endpoint's metadata.</summary>
    public override int Order => int.MinValue + 100;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => PageOf(endpoint) is not null);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            var (endpoint, values) = (candidates[i].Endpoint, candidates[i].Values);
            if (candidates.IsValidCandidate(i) && PageOf(endpoint) is { } page)
            {
                candidates.ReplaceEndpoint(i, (await loader.LoadAsync(page, endpoint.Metadata)).Endpoint, values);
            }
        }
    }

    /// <summary>To be called before AddRazorPages, which then leaves out the provider that looks into every page.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IActionDescriptorProvider, PageActionDescriptorProvider>();
        services.AddSingleton<MatcherPolicy, LazyPages>();
    }

    /// <summary>There are none: nothing need look for them among all types.</summary>
    public static void LeaveOutControllers(IMvcBuilder mvc) =>
        mvc.ConfigureApplicationPartManager(parts => parts.FeatureProviders.Remove(parts.FeatureProviders.OfType<ControllerFeatureProvider>().Single()));

    /// <summary>What the classes of all pages declare, for those who must know it of a page that was not asked for yet.</summary>
    public static ILookup<string, T> Declared<T>(ApplicationPartManager parts)
        where T : Attribute
    {
        var views = new ViewsFeature();
        parts.PopulateFeature(views);
        return views.ViewDescriptors
            .SelectMany(view => view.Type?.GetProperty("Model")?.PropertyType.GetCustomAttributes<T>() ?? [], (view, declared) => (view.RelativePath, declared))
            .ToLookup(pair => pair.RelativePath, pair => pair.declared);
    }

    public static PageActionDescriptor? PageOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<PageActionDescriptor>();
}
