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
    public bool WithoutIPv6 { get; set; }

    [BindProperty]
    public IList<ImportName> Names { get; set; } = [];

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
                : ExportFiles.Read([.. await Task.WhenAll(Files.Select(file => ReadAsync(file, cancellationToken)))], Interface);
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

    private ImportWish Wish => new(
        new() { NetworkCIDR = Blank(NetworkCIDR), PublicEndpoint = Blank(PublicEndpoint) },
        Names.Where(name => name is { Key: not null, Name: not null })
            .GroupBy(name => name.Key!)
            .ToDictionary(names => names.Key, names => names.First().Name!.Trim(' ')),
        WithoutIPv6);

    /// <summary>An interface goes on living while somebody reads its plan.</summary>
    private async Task<ImportSource> SourceAsync(CancellationToken cancellationToken) =>
        drafts.Find(Draft) is var source && source.IsRunning ? await running.ReadAsync(cancellationToken) : source;

    private async Task ShowAsync(ImportSource source, CancellationToken cancellationToken)
    {
        Plan = await planner.PlanAsync(source, Wish, cancellationToken);
        var typed = Wish.Names;
        Hash = Plan.Hash;
        Names =
            [.. Plan.Spokes.Where(spoke => spoke.IsAdded)
                .Take(MostNames)
                .Select(spoke => new ImportName { Key = spoke.Source.Key, Name = typed.GetValueOrDefault(spoke.Source.Key) ?? spoke.Name.Text })];

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

/// <summary>A name that somebody chose for the peer with this key.</summary>
internal sealed class ImportName
{
    public string? Key { get; set; }

    public string? Name { get; set; }
}
