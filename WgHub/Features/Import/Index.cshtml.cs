using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>Takes over what is there: shows the plan first, then does it. Files stay in memory, also on their way here: they hold keys.</summary>
[Authorize(Policy = InPerson.Admin)]
[Confirmed(AlsoToRead = true)]
[LargeBody]
[RequestFormLimits(
    MemoryBufferThreshold = LargeBodyAttribute.Bytes, BufferBodyLengthLimit = LargeBodyAttribute.Bytes, MultipartBodyLengthLimit = LargeBodyAttribute.Bytes)]
internal sealed class IndexModel(ImportPlanner planner, ImportService service, RunningInterface running, ImportDrafts drafts, HubStore hubs) : PageModel
{
    /// <summary>Names that the page asks for; who has more spokes renames them later.</summary>
    public const int MostNames = 500;

    [BindProperty]
    public IList<IFormFile> Files { get; set; } = [];

    [BindProperty]
    public string? Draft { get; set; }

    [BindProperty]
    public string? Hash { get; set; }

    [BindProperty]
    public string? PublicEndpoint { get; set; }

    [BindProperty]
    public string? NetworkCIDR { get; set; }

    [BindProperty]
    public int? Mtu { get; set; }

    [BindProperty]
    public bool WithoutIPv6 { get; set; }

    [BindProperty]
    public bool WithoutNetworks { get; set; }

    [BindProperty]
    public bool WithoutAddresses { get; set; }

    [BindProperty]
    public IList<ImportChoice> Names { get; set; } = [];

    /// <summary>Null while nothing was chosen.</summary>
    public ImportPlan? Plan { get; private set; }

    public bool NeedsHub => hubs.Current is null;

    public string Interface => running.Name;

    /// <summary>Peers of an interface that may be taken over; 0 when there is none.</summary>
    public int RunningPeers { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => RunningPeers = NeedsHub ? await running.CountPeersAsync(cancellationToken) : 0;

    /// <summary>Reads files, or the interface when there are none.</summary>
    public async Task<IActionResult> OnPostAsync(bool fromInterface, CancellationToken cancellationToken)
    {
        var isRead = await this.TryAsync(async () =>
        {
            var source = fromInterface
                ? await running.ReadAsync(cancellationToken)
                : ExportFiles.Read([.. await Task.WhenAll(Files.Select(file => ReadAsync(file, cancellationToken)))], Interface, cancellationToken);
            Draft = drafts.Keep(source);
            PublicEndpoint = source.Hub?.Endpoint ?? await planner.SuggestEndpointAsync(cancellationToken);
            await ShowAsync(source, cancellationToken);
        });
        if (!isRead)
        {
            await OnGetAsync(cancellationToken);
        }

        return Page();
    }

    /// <summary>The plan again, with another choice.</summary>
    public async Task<IActionResult> OnPostAgainAsync(CancellationToken cancellationToken)
    {
        await this.TryAsync(async () => await ShowAsync(await SourceAsync(cancellationToken), cancellationToken));
        return Page();
    }

    public async Task<IActionResult> OnPostApplyAsync(CancellationToken cancellationToken)
    {
        var isDone =
            await this.TryAsync(
                async () => await service.ApplyAsync(await SourceAsync(cancellationToken), Wish, Hash, HttpContext.ToActor(), cancellationToken));
        if (isDone)
        {
            drafts.Forget(Draft);
            return Redirect("/spokes");
        }

        // The status and sentence of the refusal stay; the plan below them is how it is now.
        var status = Response.StatusCode;
        await this.TryAsync(async () => await ShowAsync(await SourceAsync(cancellationToken), cancellationToken));
        Response.StatusCode = status;
        return Page();
    }

    private ImportWish Wish => new(new() { NetworkCIDR = Blank(NetworkCIDR), PublicEndpoint = Blank(PublicEndpoint), Mtu = Mtu })
    {
        Names = Chosen(choice => choice.Name),
        Addresses = Chosen(choice => Blank(choice.Address)),
        LeaveOut = Names.Where(choice => choice is { Key: not null, LeaveOut: true }).Select(choice => choice.Key!).ToHashSet(),
        WithoutIPv6 = WithoutIPv6,
        WithoutNetworks = WithoutNetworks,
        WithoutAddresses = WithoutAddresses,
    };

    private Dictionary<string, string> Chosen(Func<ImportChoice, string?> what) =>
        Names.Where(choice => choice.Key is not null && what(choice) is not null)
            .GroupBy(choice => choice.Key!)
            .ToDictionary(choices => choices.Key, choices => what(choices.First())!.Trim(' '));

    /// <summary>An interface goes on living while somebody reads its plan.</summary>
    private async Task<ImportSource> SourceAsync(CancellationToken cancellationToken) =>
        drafts.Find(Draft) is var source && source.IsRunning ? await running.ReadAsync(cancellationToken) : source;

    private async Task ShowAsync(ImportSource source, CancellationToken cancellationToken)
    {
        Plan = await planner.PlanAsync(source, Wish, cancellationToken);
        var typed = Names.Where(choice => choice.Key is not null)
            .GroupBy(choice => choice.Key!)
            .ToDictionary(choices => choices.Key, choices => choices.First());
        Hash = Plan.Hash;
        Names =
            [.. Plan.Spokes.Where(spoke => spoke.Known is null)
                .OrderBy(spoke => spoke.IsAdded)
                .Take(MostNames)
                .Select(spoke => typed.TryGetValue(spoke.Source.Key, out var choice)
                    ? new ImportChoice { Key = choice.Key, Name = choice.Name ?? spoke.Name.Text, Address = choice.Address, LeaveOut = choice.LeaveOut }
                    : new() { Key = spoke.Source.Key, Name = spoke.Name.Text })];

        // Else the fields would show what was sent and not what is now.
        foreach (
            var field in ModelState.Keys.Where(
                key => key.StartsWith(nameof(Names), StringComparison.Ordinal) || key is nameof(Hash) or nameof(Draft) or nameof(PublicEndpoint))
                .ToList())
        {
            ModelState.Remove(field);
        }
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}

/// <summary>What somebody chose for the peer with this key.</summary>
internal sealed class ImportChoice
{
    public string? Key { get; set; }

    public string? Name { get; set; }

    /// <summary>The one that it is to have, where it has none that fits; null for its own.</summary>
    public string? Address { get; set; }

    /// <summary>It does not come.</summary>
    public bool LeaveOut { get; set; }
}
