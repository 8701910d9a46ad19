using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using QRCoder;

namespace WgHub.Web;

/// <summary>
/// Draws a QR code as one SVG path, black on white also on a dark page: cameras want it so. Without styles, which the content security policy
/// forbids.
/// </summary>
internal static class QrCode
{
    /// <param name="text">What it says; a few hundred characters.</param>
    public static HtmlString Svg(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix; // with the quiet zone around it
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            // One stroke for each run of dark: a page of many codes is a third as large.
            for (var x = 0; x < rows[y].Count; x++)
            {
                var start = x;
                while (x < rows[y].Count && rows[y][x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h{start - x}z");
                }
            }
        }

        return new(
            $"""<svg role="img" aria-label="QR code" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{rows.Count}v{rows.Count}h-{rows.Count}z"/><path d="{path}"/></svg>""");
    }
}
