namespace WgHub.Web;

/// <summary>A page of a few words. It needs no Razor and no database.</summary>
internal static class BarePage
{
    /// <param name="body">HTML.</param>
    /// <param name="head">More HTML for the head.</param>
    public static string Of(string title, string body, string head = "") =>
        $"""
         <!doctype html>
         <html lang="en">
         <head>
           <meta charset="utf-8">
           <meta name="viewport" content="width=device-width, initial-scale=1">
           {head}
           <title>{title} · WgHub</title>
           <link rel="icon" type="image/svg+xml" href="{Assets.Url("icon.svg")}">
           <script src="{Assets.Url("theme.js")}"></script>
           <link rel="stylesheet" href="{Assets.Url("tabler.css")}">
           <link rel="stylesheet" href="{Assets.Url("app.css")}">
         </head>
         <body>
           <main class="page page-center"><div class="container container-tight py-4">
             <div class="empty">
               {body}
             </div>
           </div></main>
         </body>
         </html>
         """;
}
