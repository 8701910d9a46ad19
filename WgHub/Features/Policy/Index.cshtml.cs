using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Policy;

/// <summary>The rules as people read them. Each change is shown as a plan before it is made.</summary>
[Authorize(Policy = Access.ViewerReadsAdminWrites)]
internal sealed class IndexModel(PolicyStore policies, PolicyUses uses, PolicyService service, Database database, TimeProvider time) : PageModel
{
    private const int ConfirmSeconds = 60, SpokesOffered = 200;

    [BindProperty]
    public PolicyEdit Edit { get; set; } = new();

    /// <summary>Of the plan that was shown.</summary>
    [BindProperty]
    public string? PlanHash { get; set; }

    /// <summary>True to wait for a confirmation.</summary>
    [BindProperty]
    public bool IsOnTrial { get; set; }

    /// <summary>A question: who, whom, how.</summary>
    [BindProperty(SupportsGet = true, Name = "from")]
    public string? AskedFrom { get; set; }

    [BindProperty(SupportsGet = true, Name = "to")]
    public string? AskedTo { get; set; }

    [BindProperty(SupportsGet = true, Name = "protocol")]
    public string? AskedProtocol { get; set; } = "tcp";

    [BindProperty(SupportsGet = true, Name = "port")]
    public int? AskedPort { get; set; }

    /// <summary>Null before the set-up.</summary>
    public PolicyState? State { get; private set; }

    public PolicyMatrix? Matrix { get; private set; }

    public IReadOnlyDictionary<string, PolicyUse> Uses { get; private set; } = new Dictionary<string, PolicyUse>();

    /// <summary>What would be done; null when nothing was asked for.</summary>
    public PolicyPlan? Plan { get; private set; }

    public PolicyVerdict? Answer { get; private set; }

    /// <summary>The tests that fail now, by their place: a spoke may have gone to another group since.</summary>
    public IReadOnlySet<PolicyTest> Failing { get; private set; } = new HashSet<PolicyTest>();

    /// <summary>What can be typed as an end of a rule.</summary>
    public IReadOnlyList<string> Parties { get; private set; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    public bool MayChange => User.May(Roles.Admin);

    public PolicyUse UseOf(PolicyRule rule) => Uses.GetValueOrDefault(rule.Id) ?? PolicyUse.Never;

    /// <param name="edit">A rule that is to be changed.</param>
    public async Task OnGetAsync(string? edit)
    {
        Load();
        if (State?.Document.Rules.FirstOrDefault(rule => rule.Id == edit) is { } rule)
        {
            Edit = PolicyEdit.Of(rule);
        }

        if (!string.IsNullOrEmpty(AskedFrom) || !string.IsNullOrEmpty(AskedTo))
        {
            await this.TryAsync(() =>
            {
                Answer = service.Check(database.OwnHub, AskedFrom, AskedTo, AskedProtocol, AskedPort);
                return Task.CompletedTask;
            });
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Load();
        await this.TryAsync(() =>
        {
            Plan = service.Plan(database.OwnHub, Wish());
            return Task.CompletedTask;
        });
        return Page();
    }

    /// <summary>Does what a plan has shown; who presses that has read it.</summary>
    public async Task<IActionResult> OnPostApplyAsync(CancellationToken cancellationToken)
    {
        Load();
        if (!await this.TryAsync(() => ApplyAsync(cancellationToken)))
        {
            return Page();
        }

        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostConfirmAsync(CancellationToken cancellationToken)
    {
        if (!await this.TryAsync(() => service.ConfirmAsync(database.OwnHub, null, HttpContext.Connection.Id, HttpContext.ToActor(), cancellationToken)))
        {
            Load();
            return Page();
        }

        return RedirectToPage();
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var how = new PolicySave(State?.Revision, PlanHash ?? "", IsOnTrial ? ConfirmSeconds : null, HttpContext.Connection.Id);
        await service.SaveAsync(database.OwnHub, Wish(), how, HttpContext.ToActor(), cancellationToken);
        if (IsOnTrial)
        {
            // Whoever can press "keep" over a new connection has not locked anybody out.
            HttpContext.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
    }

    private PolicyWish Wish() => Edit.ToWish((State ?? throw Leases.LeaseErrors.HubNotInitialized()).Document);

    private void Load()
    {
        State = policies.Find(database.OwnHub);
        if (State is not { } state)
        {
            return;
        }

        var (check, groups) = (new PolicyCheck(state, policies.GroupOf), policies.Groups(state.Hub));
        Uses = uses.All(state.Hub);
        Matrix = PolicyMatrix.Of(state, check, groups);
        Failing = check.Failed(state.Document.Tests).Select(one => one.Test).ToHashSet();
        Parties =
        [
            "anybody", "internet", "hub", .. groups.Select(group => $"group:{group}"), .. state.Networks.Select(network => $"network:{network.Name}"),
            .. policies.SpokeNames(state.Hub, SpokesOffered).Select(name => $"spoke:{name}"),
        ];
    }
}
