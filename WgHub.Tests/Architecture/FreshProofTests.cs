using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Hub;
using WgHub.Features.Import;
using WgHub.Features.Rotation;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>What a page does only after a fresh proof, an address for scripts of the same browser must not do without.</summary>
public sealed class FreshProofTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>An administrator's, and their pages ask for no fresh proof.</summary>
    private static readonly string[] AskNoProof =
    [
        "/api/hub/initialize", "/api/hub/config", "/api/hub/ranges", "/api/policy", "/api/policy/confirm",
        "/api/backups", "/api/backups/{id}/verify", // encrypted for whom the settings name
        "/api/notifications", "/api/notifications/{id}", "/api/notifications/{id}/test", "/api/notifications/{id}/secret",
        "/api/logs/level",          // the log tells more, or for a day less, and never less of the audit log
        "/api/notifications/{id}/replay", // tells what the audit log tells, and nothing comes back by it
    ];

    /// <summary>What pages behind a fresh proof take and others may as well: nothing is changed by it that wants one.</summary>
    private static readonly Type[] Harmless =
        [typeof(HubStore), typeof(RunningInterface), typeof(TimeProvider), typeof(UserList), typeof(SessionStore), typeof(ApiTokenStore), typeof(UserStore),
            typeof(AuditLog)];

    /// <summary>
    /// Neither one that changes what is an administrator's, unless somebody has decided that its page asks for none, nor one that works with what
    /// a page behind a proof works with.
    /// </summary>
    [Fact]
    public async Task What_a_page_does_after_a_fresh_proof_the_API_does_not_do_without()
    {
        var endpoints = await hub.EndpointsAsync();
        var behindProof = endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>()?.ModelTypeInfo)
            .OfType<TypeInfo>()
            .Where(page => page.GetCustomAttribute<ConfirmedAttribute>() is not null)
            .SelectMany(page => page.GetConstructors().Single().GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Except(Harmless)
            .ToHashSet();
        Assert.Superset(
            new HashSet<Type> { typeof(HubKeyService), typeof(ImportService), typeof(UserAdministration), typeof(ApiTokenService), typeof(TotpService) },
            behindProof);

        var calls = endpoints.Where(IsChange).ToList();
        Assert.Contains(calls, endpoint => endpoint.Metadata.GetMetadata<NeedsConfirmation>() is not null);
        Assert.All(calls, endpoint => Assert.True(
            endpoint.Metadata.GetMetadata<NeedsConfirmation>() is not null
                || !(IsAnAdministrators(endpoint) || ParametersOf(endpoint).Any(behindProof.Contains)),
            $"{endpoint.DisplayName}: RequireConfirmation(), or a page that asks for no fresh proof."));
    }

    /// <summary>True for what is no page, needs somebody who is signed in, and is not only read.</summary>
    private static bool IsChange(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && !EndpointTests.MethodsOf(endpoint).All(method => method is "GET" or "HEAD");

    private static bool IsAnAdministrators(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is not (Access.Viewer or Access.Operator or Access.ViewerReadsOperatorWrites)
        && !AskNoProof.Contains(EndpointTests.AddressOf(endpoint));

    private static IEnumerable<Type> ParametersOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetRequiredMetadata<MethodInfo>().GetParameters().Select(parameter => parameter.ParameterType);
}
