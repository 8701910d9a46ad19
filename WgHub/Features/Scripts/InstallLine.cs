namespace WgHub.Features.Scripts;

/// <summary>
/// The line to paste on a machine. Its parts are a URL of ours, our key and a token, so there is nothing in it that a shell could read
/// otherwise.
/// </summary>
/// <param name="Linux">For a machine with sudo.</param>
/// <param name="Macos">For a Terminal of an administrator. It is Linux's: the script finds out where it is.</param>
/// <param name="Windows">For PowerShell as an administrator.</param>
/// <param name="Proxmox">For a Proxmox VE node, where one is root and has no sudo.</param>
/// <param name="Join">Not a line but a link, for a person: its page connects a phone, or whatever makes its key itself.</param>
internal sealed record InstallLine(string Linux, string Macos, string Windows, string Proxmox, Uri Join)
{
    /// <summary>Each line holds the token.</summary>
    public override string ToString() => nameof(InstallLine);
}
