namespace WgHub.Web;

/// <summary>
/// How often one address, or somebody who is signed in by a browser, may do something. Said once, by the room whose call it is; see
/// <see cref="Limits"/>.
/// </summary>
/// <param name="setting">What it is called under <c>Limits</c>, where another share is set; 0 turns it off.</param>
/// <param name="share">Requests in a window, unless set otherwise.</param>
internal sealed class Limit(string setting, int share, TimeSpan window)
{
    public string Setting { get; } = setting;

    public int Share { get; } = share;

    public TimeSpan Window { get; } = window;

    /// <summary>True for what needs a role: it holds programs, which may run wild, and nobody who sits before a browser.</summary>
    public bool SparesPeople { get; init; }

    /// <summary>All addresses together get the share of as many as this; 0 for no such bound.</summary>
    public int AddressesTogether { get; init; }
}
