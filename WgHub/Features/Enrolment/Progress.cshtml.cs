using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>How far the machine that a token was made for has come: from the pasted line to the first handshake.</summary>
[Authorize(Policy = Access.Viewer)]
[ShowsPeers]
internal sealed class ProgressModel(TokenStore tokens, SpokeStore spokes, LivePeers live, HubStore hubs, TimeProvider time) : PageModel
{
    public Token Token { get; private set; } = null!; // the handler loads it first

    public Spoke? Spoke { get; private set; }

    public TokenState State => Token.StateAt(time.GetUtcNow());

    public bool IsConnected => Spoke?.LastHandshake is not null;

    /// <summary>True while there is something to wait for.</summary>
    public bool IsWaiting => !IsConnected && (Spoke is not null || State == TokenState.Pending);

    public string Endpoint => hubs.Required().PublicEndpoint.ToString();

    public IActionResult OnGet(string id)
    {
        Token = tokens.FindById(id) ?? throw TokenErrors.NotFound();
        Spoke = Token.UsedAt is not null && spokes.Find(Token.SpokeId) is { } spoke ? live.Refresh(spoke) : null;
        return this.PageOr("_Progress");
    }
}
