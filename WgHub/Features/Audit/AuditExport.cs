using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>The log as a file, for those who keep it elsewhere.</summary>
internal static class AuditExport
{
    public const string Csv = "csv";
    public const string JsonLines = "jsonl";

    private const int FlushBytes = 64 * 1024;

    public static bool IsFormat(string text) => text is Csv or JsonLines;

    public static Task WriteAsync(HttpContext context, IEnumerable<(AuditEntry Entry, AuditLink Link)> lines, string format)
    {
        context.Response.ContentType = format == Csv ? "text/csv; charset=utf-8" : "application/jsonl";
        context.Response.Headers.ContentDisposition = $"attachment; filename=wghub-audit.{format}";
        return format == Csv ? WriteCsvAsync(context, lines) : WriteJsonAsync(context, lines);
    }

    private static async Task WriteCsvAsync(HttpContext context, IEnumerable<(AuditEntry Entry, AuditLink Link)> lines)
    {
        await using var csv = CsvWriter.Create(context.Response.Body, Web.Csv.Safe, leaveOpen: true);
        await csv.WriteRecordAsync(["sequence", "at", "actor", "address", "event", "subject", "detail", "hash"], context.RequestAborted);
        foreach (var (entry, link) in lines)
        {
            string?[] cells =
            [
                link.Sequence.ToString(CultureInfo.InvariantCulture), UtcText.Of(entry.At), entry.Actor, entry.Address, entry.Event,
                entry.Subject, entry.Detail, link.Hash,
            ];
            await csv.WriteRecordAsync(cells, context.RequestAborted);
        }
    }

    private static async Task WriteJsonAsync(HttpContext context, IEnumerable<(AuditEntry Entry, AuditLink Link)> lines)
    {
        var body = context.Response.BodyWriter;
        foreach (var (entry, link) in lines)
        {
            Encoding.UTF8.GetBytes(ToJson(entry, link), body);
            if (body.UnflushedBytes > FlushBytes && (await body.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return;
            }
        }
    }

    private static string ToJson(AuditEntry entry, AuditLink link) =>
        JsonSerializer.Serialize(
            new()
            {
                Id = entry.Id,
                At = entry.At,
                Actor = entry.Actor,
                Address = entry.Address,
                Event = entry.Event,
                Subject = entry.Subject,
                Detail = JsonDocument.Parse(entry.Detail).RootElement,
                Sequence = link.Sequence,
                Hash = link.Hash,
            },
            AuditJson.Lines.AuditLineDto) + "\n";
}

/// <summary>One line of the export.</summary>
internal sealed record AuditLineDto
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string? Address { get; init; }

    public required string Event { get; init; }

    public required string? Subject { get; init; }

    public required JsonElement Detail { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Empty for an entry from before the chain.</summary>
    public required string Hash { get; init; }
}
