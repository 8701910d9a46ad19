namespace WgHub.Web;

/// <summary>A page of a few words. It needs no Razor and no database.</summary>
internal static class BarePage
{
    /// <param name="path">That the hub is below.</param>
    /// <param name="body">HTML.</param>
    /// <param name="head">More HTML for the head.</param>
    /// <param name="rooms">HTML of the ways to the rooms, for the header.</param>
    public static string Of(PathString path, string title, string body, string head = "", string rooms = "") => PublicPath.InHtml(
        $"""
         <!doctype html>
         <html lang="en">
         <head>
           <meta charset="utf-8">
           <meta name="viewport" content="width=device-width, initial-scale=1">
           <meta name="color-scheme" content="light dark">
           {head}
           <title>{title} · WgHub</title>
           <link rel="icon" type="image/svg+xml" href="{Assets.Url("icon.svg")}">
           <script src="{Assets.Url("theme.js")}"></script>
           <link rel="stylesheet" href="{Assets.Url("tabler.css")}">
           <link rel="stylesheet" href="{Assets.Url("app.css")}">
         </head>
         <body>
           <div class="page">
             <header class="navbar header"><div class="container-xl">
               <a class="navbar-brand" href="/"><img src="{Assets.Url("icon.svg")}" width="28" height="28" alt=""> WgHub</a>
               {rooms}
               <div class="header-end"><button type="button" class="btn btn-ghost-secondary btn-sm js-only" data-theme-switch
                 title="Light, dark, or as the system" aria-label="Colours">◐&nbsp;</button></div>
             </div></header>
             <main class="page-wrapper"><div class="page-body"><div class="container-tight py-4">
               <div class="empty">
                 {body}
               </div>
             </div></div></main>
           </div>
         </body>
         </html>
         """,
        path);
}
