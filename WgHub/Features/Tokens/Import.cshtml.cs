using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Many tokens from a list: looked through first, made all at once, and shown this once, also as sheets to print.</summary>
[Authorize(Policy = Access.Operator)]
internal sealed class ImportModel(TokenImport import, InstallLines lines, Limits limits) : PageModel
{
    private const int LongestFile = 512 * 1024;

    /// <summary>The list itself; a file takes its place.</summary>
    [BindProperty]
    public string? Text { get; set; }

    [BindProperty]
    public IFormFile? Upload { get; set; }

    public IReadOnlyList<ImportedRow> Rows { get; private set; } = [];

    /// <summary>The tokens that this very request made, each with its lines; their secrets are in this one answer, and nowhere else.</summary>
    public IReadOnlyList<MadeToken> Made { get; private set; } = [];

    public int Bad => Rows.Count(row => row.Problems.Count > 0);

    /// <summary>True when a look through found nothing to say.</summary>
    public bool IsReady => Rows.Count > 0 && Bad == 0 && Made.Count == 0;

    /// <summary>The same as a file, in the page itself: the hub forgets the secrets with this answer.</summary>
    public string FileHref => $"data:text/csv;charset=utf-8;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(MadeToken.ToCsv(Made)))}";

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => ReadAsync(isTrial: true, cancellationToken);

    public Task<IActionResult> OnPostMakeAsync(CancellationToken cancellationToken) => ReadAsync(isTrial: false, cancellationToken);

    private async Task<IActionResult> ReadAsync(bool isTrial, CancellationToken cancellationToken)
    {
        await this.TryAsync(async () =>
        {
            await TakeUploadAsync(cancellationToken);
            var rows = TokenFile.Read(Text);
            var here = lines.At(HttpContext);
            Rows = isTrial ? await RunAsync() : await limits.TakeAsync(TokensRoom.NewTokens, HttpContext, RunAsync);
            Made = [.. Rows.Where(row => row.Secret is not null).Select(row => new MadeToken(row.Token!, here.For(row.Secret!.Reveal())))];

            Task<IReadOnlyList<ImportedRow>> RunAsync() => import.RunAsync(rows, isTrial, HttpContext.ToActor(), cancellationToken);
        });
        if (Bad > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }

        return Page();
    }

    /// <summary>The file's text goes into the field, so that it is there for the second step.</summary>
    private async Task TakeUploadAsync(CancellationToken cancellationToken)
    {
        if (Upload is not { Length: > 0 } file)
        {
            return;
        }

        if (file.Length > LongestFile)
        {
            throw WebErrors.Invalid("upload", $"At most {LongestFile / 1024} KiB.");
        }

        var bytes = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        Text = UploadedText.Decode(bytes) ?? throw WebErrors.Invalid("upload", "It is no text. Save the list as CSV, and take that file.");
        ModelState.Remove(nameof(Text)); // or the field would keep what was in it
    }
}

/// <summary>A token that was made just now.</summary>
internal sealed record MadeToken(Token Token, InstallLine Lines)
{
    public static string ToCsv(IEnumerable<MadeToken> made) =>
        Csv.Write(made.Select(one => one.ToRow()).Prepend(["spokeName", "address", "platform", "group", "owner", "tags", "expiresAt", "line", "link"]));

    private string?[] ToRow() =>
        [Token.SpokeName, Token.Address.ToString(), Token.Platform, Token.Labels.Group, Token.Labels.Owner, Token.Labels.Tags.ToString(),
            UtcText.Of(Token.ExpiresAt), Lines.Linux, Lines.Join.AbsoluteUri];
}
