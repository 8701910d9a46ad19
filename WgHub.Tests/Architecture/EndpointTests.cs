using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>Every address of the running app, and who may call it. A new one fails here until somebody has decided that.</summary>
public sealed class EndpointTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Anyone = "anyone";

    /// <summary>An administrator before a browser; a program with a token is refused, whatever its role.</summary>
    private const string AdminInPerson = "admin in person";

    /// <summary>Parts of addresses that give nobody a right.</summary>
    private static readonly string[] Harmless = ["id", "name", "file", "path"];

    /// <summary>Method, address, and the least role.</summary>
    public static TheoryData<string, string, string> Decided => new()
    {
        { "GET", "/healthz", Anyone }, { "GET", "/readyz", Anyone },
        { "GET", "/a/{file}", Anyone }, { "HEAD", "/a/{file}", Anyone },
        { "GET", "/{*path}", Anyone },              // nothing is there: 404 for everybody
        { "GET", "/openapi/v1.json", Roles.Viewer }, { "GET", "/metrics", Roles.Viewer }, { "GET", "/api/health", Anyone },
        { "GET", "/doctor", Roles.Operator }, { "GET", "/api/doctor", Roles.Operator }, { "POST", "/api/hub/initialize", Roles.Admin },
        { "GET", "/api/hub/config", Roles.Viewer }, { "PUT", "/api/hub/config", Roles.Admin },
        { "GET", "/api/hub/status", Roles.Viewer }, { "GET", "/api/hub/ranges", Roles.Viewer }, { "PUT", "/api/hub/ranges", Roles.Admin },
        { "GET", "/api/backups", Roles.Admin }, { "POST", "/api/backups", Roles.Admin },
        { "GET", "/api/backups/{id}/file", Roles.Admin }, { "POST", "/api/backups/{id}/verify", Roles.Admin },
        { "GET", "/api/events", Roles.Viewer }, { "GET", "/api/logs/level", Roles.Admin }, { "PUT", "/api/logs/level", Roles.Admin },
        { "GET", "/api/notifications", Roles.Admin }, { "POST", "/api/notifications", Roles.Admin },
        { "GET", "/api/notifications/{id}", Roles.Admin }, { "PATCH", "/api/notifications/{id}", Roles.Admin },
        { "DELETE", "/api/notifications/{id}", Roles.Admin }, { "POST", "/api/notifications/{id}/test", Roles.Admin },
        { "POST", "/api/notifications/{id}/secret", Roles.Admin }, { "POST", "/api/notifications/{id}/replay", Roles.Admin },
        { "GET", "/api/notifications/{id}/deliveries", Roles.Admin },
        { "GET", "/api/hub/key", Roles.Admin }, { "GET", "/api/retention", Roles.Admin }, { "POST", "/api/retention/run", Roles.Admin },
        { "POST", "/api/hub/key/announce", Roles.Admin }, { "POST", "/api/hub/key/switch", Roles.Admin }, { "POST", "/api/hub/key/end", Roles.Admin },
        { "GET", "/api/spoke/hub-keys", Anyone },   // the tunnel is the right
        { "POST", "/api/installation/token", Roles.Operator }, { "POST", "/api/installation/tokens/import", Roles.Operator },
        { "GET", "/api/installation/tokens", Roles.Viewer }, { "DELETE", "/api/installation/token/{id}", Roles.Operator },
        { "GET", "/api/installation/script/{token}", Anyone },
        { "GET", "/i/{token}", Anyone },
        { "GET", "/i/install.ps1", Anyone },        // it holds no secret
        { "POST", "/api/spoke/register", Anyone },
        { "POST", "/api/spoke/unregister", Anyone },
        { "POST", "/api/spoke/endpoints", Anyone }, // the spoke's own token and key are the right
        { "GET", "/i/again", Anyone }, { "GET", "/i/rotate", Anyone },
        { "POST", "/api/spoke/rotate", Anyone },    // the tunnel and a proof are the right
        { "POST", "/api/spoke/rotate/finish", Anyone }, { "GET", "/api/spoke/{id}/history", Roles.Viewer },
        { "GET", "/api/spoke/list", Roles.Viewer }, { "GET", "/api/spoke/{id}", Roles.Viewer }, { "GET", "/api/spoke/{id}/diagnosis", Roles.Viewer },
        { "POST", "/api/spoke/bulk", Roles.Operator }, { "POST", "/api/spoke/{id}/reenrol-token", Roles.Operator },
        { "PATCH", "/api/spoke/{id}", Roles.Operator }, { "DELETE", "/api/spoke/{id}", Roles.Operator },
        { "POST", "/api/import/plan", Roles.Admin }, { "POST", "/api/import/apply", Roles.Admin },
        { "GET", "/api/audit", Roles.Viewer }, { "GET", "/api/audit/export", Roles.Viewer },

        { "GET", "/api/groups", Roles.Viewer }, { "PUT", "/api/groups/{name}", Roles.Operator }, { "DELETE", "/api/groups/{name}", Roles.Operator },
        { "GET", "/api/networks", Roles.Viewer }, { "POST", "/api/networks", Roles.Operator }, { "PATCH", "/api/networks/{id}", Roles.Operator },
        { "DELETE", "/api/networks/{id}", Roles.Operator }, { "POST", "/api/networks/{id}/move", Roles.Operator },
        { "GET", "/api/networks/barred", Roles.Viewer }, { "PUT", "/api/networks/barred", Roles.Operator },
        { "GET", "/networks", Roles.Viewer }, { "POST", "/networks", Roles.Operator }, { "GET", "/networks/{id}", Roles.Viewer },
        { "POST", "/networks/{id}", Roles.Operator }, { "GET", "/api/proxmox/clusters", Roles.Viewer }, { "GET", "/api/proxmox/clusters/{id}", Roles.Viewer },
        { "PATCH", "/api/proxmox/clusters/{id}", Roles.Operator }, { "POST", "/api/proxmox/cluster-token", Roles.Operator },
        { "GET", "/api/policy", Roles.Viewer }, { "PUT", "/api/policy", Roles.Admin },
        { "GET", "/api/policy/check", Roles.Viewer }, { "POST", "/api/policy/confirm", Roles.Admin },
        { "GET", "/api/proxmox/cluster-tokens", Roles.Viewer },
        { "DELETE", "/api/proxmox/cluster-token/{id}", Roles.Operator },

        { "GET", "/", Roles.Viewer },
        { "GET", "/docs", Roles.Viewer }, { "GET", "/docs/{**name}", Roles.Viewer },
        { "GET", "/setup", Anyone },                // the set-up code is the right
        { "POST", "/setup", Anyone },
        { "GET", "/signin", Anyone }, { "POST", "/signin", Anyone },
        { "GET", "/setup/reset", Anyone },          // so is the code of the way back in
        { "POST", "/setup/reset", Anyone },
        { "GET", "/signin/second", Anyone },        // the password was right just before
        { "POST", "/signin/second", Anyone },
        { "GET", "/confirm", Roles.Viewer }, { "POST", "/confirm", Roles.Viewer },
        { "GET", "/account", Roles.Viewer }, { "POST", "/account", Roles.Viewer },
        { "GET", "/account/password", Roles.Viewer }, { "POST", "/account/password", Roles.Viewer },
        { "GET", "/account/authenticator", Roles.Viewer }, { "POST", "/account/authenticator", Roles.Viewer },
        { "GET", "/signin/passkey", Anyone },       // the passkey is the right
        { "POST", "/signin/passkey", Anyone },
        { "GET", "/confirm/passkey", Roles.Viewer }, { "POST", "/confirm/passkey", Roles.Viewer },
        { "GET", "/account/passkeys", Roles.Viewer }, { "POST", "/account/passkeys", Roles.Viewer },
        { "GET", "/audit", Roles.Viewer },
        { "GET", "/signout", Anyone },              // whoever has no role too
        { "POST", "/signout", Anyone },
        { "POST", "/signin/oidc", Anyone },
        { "GET", "/signin-oidc", Anyone },          // the provider's answer, tied to the browser by its cookie
        { "GET", "/signout-callback-oidc", Anyone },
        { "POST", "/backchannel-logout", Anyone },  // the provider's signature is the right
        { "GET", "/settings", Roles.Viewer }, { "POST", "/settings", Roles.Admin },
        { "GET", "/settings/addresses", Roles.Viewer }, { "POST", "/settings/addresses", Roles.Admin },
        { "GET", "/api/persons/{who}/export", Roles.Admin }, { "POST", "/api/persons/{who}/erase", Roles.Admin },
        { "GET", "/backups", Roles.Admin }, { "POST", "/backups", Roles.Admin }, { "GET", "/retention", Roles.Admin }, { "POST", "/retention", Roles.Admin },
        { "GET", "/notifications", Roles.Admin }, { "POST", "/notifications", Roles.Admin },
        { "GET", "/notifications/{id}", Roles.Admin }, { "POST", "/notifications/{id}", Roles.Admin },
        { "GET", "/settings/certificate", Roles.Admin }, { "POST", "/settings/certificate", Roles.Admin },
        { "GET", "/settings/hub-key", AdminInPerson }, { "POST", "/settings/hub-key", AdminInPerson },
        { "GET", "/settings/sign-in", AdminInPerson }, { "POST", "/settings/sign-in", AdminInPerson },
        { "GET", "/spokes", Roles.Viewer }, { "POST", "/spokes", Roles.Operator },
        { "GET", "/spokes/{id}/diagnosis", Roles.Viewer },
        { "GET", "/spokes/bulk", Roles.Operator }, { "POST", "/spokes/bulk", Roles.Operator },
        { "GET", "/spokes/{id}", Roles.Viewer }, { "POST", "/spokes/{id}", Roles.Operator },
        { "GET", "/spokes/{id}/address", Roles.Operator }, { "POST", "/spokes/{id}/address", Roles.Operator },
        { "GET", "/spokes/{id}/reenrol", Roles.Operator }, { "POST", "/spokes/{id}/reenrol", Roles.Operator },
        { "GET", "/spokes/{id}/disable", Roles.Operator }, { "POST", "/spokes/{id}/disable", Roles.Operator },
        { "GET", "/spokes/{id}/remove", Roles.Operator }, { "POST", "/spokes/{id}/remove", Roles.Operator },
        { "GET", "/policy", Roles.Viewer }, { "POST", "/policy", Roles.Admin },
        { "GET", "/groups", Roles.Viewer }, { "POST", "/groups", Roles.Operator }, { "GET", "/clusters", Roles.Viewer },
        { "GET", "/clusters/{id}", Roles.Viewer }, { "POST", "/clusters/{id}", Roles.Operator },
        { "GET", "/tokens/clusters", Roles.Viewer }, { "POST", "/tokens/clusters", Roles.Operator },
        { "GET", "/tokens", Roles.Viewer }, { "POST", "/tokens", Roles.Operator },
        { "GET", "/tokens/import", Roles.Operator }, { "POST", "/tokens/import", Roles.Operator },
        { "GET", "/tokens/{id}/progress", Roles.Viewer },
        { "GET", "/join/{token}", Anyone },         // the token is the right
        { "POST", "/join/{token}", Anyone },
        { "GET", "/users", AdminInPerson },
        { "GET", "/users/new", AdminInPerson }, { "POST", "/users/new", AdminInPerson }, { "GET", "/users/{id}", AdminInPerson },
        { "POST", "/users/{id}", AdminInPerson },
        { "GET", "/users/{id}/role", AdminInPerson }, { "POST", "/users/{id}/role", AdminInPerson },
        { "GET", "/users/{id}/password", AdminInPerson }, { "POST", "/users/{id}/password", AdminInPerson },
        { "GET", "/import", AdminInPerson }, { "POST", "/import", AdminInPerson },
        { "GET", "/api-tokens", AdminInPerson }, { "POST", "/api-tokens", AdminInPerson },
        { "GET", "/api-tokens/new", AdminInPerson }, { "POST", "/api-tokens/new", AdminInPerson },
    };

    [Fact]
    public async Task Every_address_of_the_app_is_decided_on() =>
        Assert.Equal(
            Decided.Select(row => $"{row.Data.Item1} {row.Data.Item2}").Order(),
            (await hub.EndpointsAsync()).SelectMany(MethodsOf, (endpoint, method) => $"{method} {AddressOf(endpoint)}").Distinct().Order());

    [Fact]
    public async Task Every_address_says_itself_who_may_call_it()
    {
        var policies = hub.Get<IAuthorizationPolicyProvider>();
        foreach (var endpoint in await hub.EndpointsAsync())
        {
            var policy = endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
            Assert.True(
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || (policy is not null && await policies.GetPolicyAsync(policy) is not null),
                $"{endpoint.DisplayName} names no policy, or one that is not there: {policy}.");
        }
    }

    /// <summary>A parameter is a secret until somebody has decided that it is none.</summary>
    [Fact]
    public async Task An_address_with_a_secret_in_it_says_so() =>
        Assert.All(await hub.EndpointsAsync(), endpoint => Assert.Equal(
            endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).Except(Harmless),
            endpoint.Metadata.OfType<SecretInPathAttribute>().Select(secret => secret.Parameter)));

    [Fact]
    public async Task A_secret_in_an_address_is_told_nowhere()
    {
        var endpoints = await hub.EndpointsAsync();
        string[] addresses = [.. endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<SecretInPathAttribute>() is not null).Select(AddressOf)];

        Assert.Contains("/join/{token}", addresses);
        foreach (
            var path in addresses.Select(Example)
                .SelectMany(path => new[] { path, path.ToUpperInvariant(), $"{path}/nothing", path.Replace("/A", "//A", StringComparison.Ordinal) }))
        {
            Assert.DoesNotContain("AAA", hub.Get<SecretPaths>().Without(path), StringComparison.Ordinal);
            foreach (var (name, value) in new[] { ("Accept", "*/*"), ("Host", "attacker.example") })
            {
                var answer = await hub.Nobody.SendAsync(HttpMethod.Get, path, null, (name, value));

                Assert.DoesNotContain("AAA", answer.Code is null ? "" : answer.Body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Only_what_needs_no_account_brings_its_own_proof()
    {
        var proven = (await hub.EndpointsAsync()).Where(endpoint => endpoint.Metadata.GetMetadata<ProvesItselfAttribute>() is not null).ToList();

        Assert.NotEmpty(proven);
        Assert.All(proven, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
    }

    [Theory]
    [MemberData(nameof(Decided))]
    public async Task The_least_role_and_those_above_it_are_let_in(string method, string address, string leastRole)
    {
        foreach (var (caller, rank) in new[] { (hub.Nobody, 0), (hub.Viewer, 1), (hub.Operator, 2), (hub.Admin, 3) })
        {
            var answer =
                await caller.SendAsync(new(method), Example(address), method is "GET" or "HEAD" ? null : new StringContent("{}", null, "application/json"));

            Assert.True(IsLetIn(answer) == (leastRole != AdminInPerson && rank >= Roles.Rank(leastRole)), $"rank {rank}: {(int)answer.Status} {answer.Code}");
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.Status);
            if (!IsLetIn(answer) && address.StartsWith("/api/", StringComparison.Ordinal))
            {
                answer.Expect(rank == 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, rank == 0 ? "NOT_SIGNED_IN" : "FORBIDDEN");
            }
        }
    }

    [Fact]
    public async Task What_an_administrator_does_in_person_is_for_no_other_role()
    {
        foreach (var (method, address, _) in Decided.Select(row => row.Data).Where(row => row.Item3 == AdminInPerson))
        {
            foreach (var role in Roles.All.Append(User.NoRole))
            {
                var person = await hub.PersonAsync(role);
                var answer = await (method == "GET" ? person.GetAsync(Example(address)) : person.PostAsync(Example(address)));

                Assert.True(IsLetIn(answer) == (role == Roles.Admin), $"{method} {address} as {role}: {(int)answer.Status}");
            }
        }
    }

    [Fact]
    public async Task What_names_no_policy_is_refused_to_the_administrator_too()
    {
        var fallback = await hub.Get<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        var administrator = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Role, Roles.Admin)], "test"));

        Assert.False((await hub.Get<IAuthorizationService>().AuthorizeAsync(administrator, null, fallback!)).Succeeded);
    }

    internal static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page
            ? page.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant()).Append("GET").Distinct()
            : endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods;

    internal static string AddressOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";

    internal static string Example(string address) => address
        .Replace("{id}", "0", StringComparison.Ordinal).Replace("{name}", "north", StringComparison.Ordinal)
        .Replace("{token}", new('A', 43), StringComparison.Ordinal)
        .Replace("{file}", "x", StringComparison.Ordinal)
        .Replace("{*path}", "nowhere", StringComparison.Ordinal);

    /// <summary>What came of the call does not matter here, only that somebody looked at it.</summary>
    private static bool IsLetIn(Answer answer) =>
        (answer.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) || answer.Code == "NOT_THROUGH_TUNNEL")
        && answer.Headers.Location?.OriginalString.StartsWith("/signin?returnUrl=", StringComparison.Ordinal) != true;
}
