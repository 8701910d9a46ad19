using System.Text.RegularExpressions;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Makes and revokes cluster tokens.</summary>
internal sealed partial class ClusterTokenService(Database database, ClusterTokenStore store, LeaseStore leases, OwnHubRoutes hubRoutes)
{
    public const int DefaultNodes = 16;
    public const int MostNodes = 64;
    public const string SiteRule = "1 to 31 letters, digits or '-', beginning with a letter or digit.";
    public const string DatacenterRule = "1 to 63 letters, digits, spaces or one of . , ( ) / _ -, beginning with a letter or digit.";

    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED.</exception>
    public async Task<(ClusterToken Token, TokenSecret Secret)> CreateAsync(CreateClusterToken request, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var site = checks.Optional<string>("site", request.Site, TryParseSite, SiteRule);
        var datacenter = checks.Optional<string>("datacenter", request.Datacenter, TryParseDatacenter, DatacenterRule);
        var nodes = checks.Range("maximumNodes", request.MaximumNodes, 1, MostNodes, DefaultNodes);
        var hours = checks.Range("expiresInHours", request.ExpiresInHours, 1, TokenService.MaximumHours, TokenService.DefaultHours);
        var routes = SpokeRoutes.Parse(checks, "routes", request.Routes);
        checks.ThrowIfAny();
        hubRoutes.Checked(routes);
        if (leases.Usage() is null)
        {
            throw LeaseErrors.HubNotInitialized();
        }

        var secret = TokenSecret.New();
        var token = await database.WriteAsync(
            actor,
            tx =>
            {
                var now = tx.Now;
                var made = new ClusterToken
                {
                    Id = Guid.CreateVersion7(now).ToString(),
                    Hub = tx.OwnHub,
                    Site = site ?? "",
                    Datacenter = datacenter ?? "",
                    MaximumNodes = nodes,
                    CreatedBy = actor.Name,
                    CreatedAt = now,
                    ExpiresAt = now.AddHours(hours),
                    Routes = routes,
                };
                store.Add(tx, made, secret.Hash);
                tx.Audit(
                    AuditEvents.ClusterTokenCreated, made.Subject,
                    ("datacenter", made.Datacenter), ("maximumNodes", $"{nodes}"), ("routes", routes?.Text), ("expiresAt", UtcText.Of(made.ExpiresAt)));
                return made;
            },
            cancellationToken);
        return (token, secret);
    }

    /// <summary>Revokes the token: no more nodes. The spokes that came by it live on.</summary>
    /// <exception cref="AppException">TOKEN_NOT_FOUND.</exception>
    public Task RevokeAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var token = store.FindById(tx, id) ?? throw TokenErrors.NotFound();
                if (token.RevokedAt is not null)
                {
                    return;
                }

                store.Revoke(tx, id, tx.Now);
                tx.Audit(AuditEvents.ClusterTokenRevoked, token.Subject, ("nodes", string.Join(", ", token.Nodes)));
            },
            cancellationToken);

    public static bool TryParseDatacenter(string? text, out string datacenter)
    {
        datacenter = text ?? "";
        return DatacenterShape().IsMatch(datacenter);
    }

    private static bool TryParseSite(string? text, out string site)
    {
        site = text ?? "";
        return SiteShape().IsMatch(site);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9-]{0,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SiteShape();

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{M}\p{N} .,()/_-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatacenterShape();
}
