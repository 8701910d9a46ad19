using Microsoft.AspNetCore.Authorization;

namespace WgHub.Web;

/// <summary>The three roles, each with all that the one before it may do.</summary>
internal static class Roles
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Admin = "admin";

    public const string Rule = $"One of {Viewer}, {Operator}, {Admin}.";

    public static readonly IReadOnlyList<string> All = [Viewer, Operator, Admin];

    /// <summary>1 for viewer, 3 for admin; 0 for anything else.</summary>
    public static int Rank(string? role) => role switch { Viewer => 1, Operator => 2, Admin => 3, _ => 0 };
}

/// <summary>
/// The names of the policies. Each endpoint and page says one; what says none is refused to everybody.
/// Where a page is read and written, the second role is the one that POST and the other unsafe verbs need.
/// </summary>
internal static class Access
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Admin = "admin";
    public const string ViewerReadsOperatorWrites = "viewer/operator";
    public const string ViewerReadsAdminWrites = "viewer/admin";

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        services.AddAuthorization(options =>
        {
            foreach (var (name, read, write) in new[]
            {
                (Viewer, Roles.Viewer, Roles.Viewer),
                (Operator, Roles.Operator, Roles.Operator),
                (Admin, Roles.Admin, Roles.Admin),
                (ViewerReadsOperatorWrites, Roles.Viewer, Roles.Operator),
                (ViewerReadsAdminWrites, Roles.Viewer, Roles.Admin),
            })
            {
                options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().AddRequirements(new RoleRequirement(read, write)));
            }

            // What has a route and names no policy is refused to everybody. The framework's own answers, 405 and 415, have no route.
            options.FallbackPolicy = new AuthorizationPolicyBuilder()
                .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
                .Build();
        });
    }

    private sealed record RoleRequirement(string Read, string Write) : IAuthorizationRequirement;

    private sealed class RoleHandler : AuthorizationHandler<RoleRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
        {
            var method = (context.Resource as HttpContext)?.Request.Method ?? "";
            var isSafe = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
            if (context.User.RoleRank() >= Roles.Rank(isSafe ? requirement.Read : requirement.Write))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
