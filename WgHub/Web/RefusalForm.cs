namespace WgHub.Web;

/// <summary>
/// What refusals look like at addresses whose answers are neither problem+json nor a page. A room adds it for its own addresses; it holds for
/// refusals that come before routing, too.
/// </summary>
/// <param name="Fits">Whether the request gets this form.</param>
/// <param name="WriteAsync">Writes the whole answer, with its status.</param>
internal sealed record RefusalForm(Func<HttpRequest, bool> Fits, Func<HttpContext, AppException, Task> WriteAsync);
