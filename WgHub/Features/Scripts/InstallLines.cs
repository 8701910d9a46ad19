using WgHub.Features.Tls;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>The lines that are pasted on machines, as whoever asks for them reaches this server.</summary>
internal sealed class InstallLines(ServerAddresses addresses, WindowsScript windows)
{
    /// <summary>
    /// Of the address that was asked for last: many lines in a row lead to one. No more is kept, because a caller may spell the address
    /// in as many ways as it likes.
    /// </summary>
    private Hashed? _last;

    /// <summary>Asked for before a token is made, so that a refusal loses none.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED when the Host header is no host name.</exception>
    public LinesAt At(HttpContext context)
    {
        var address = addresses.For(context);
        return new(address, address.Pin is null ? null : HashAt(address));
    }

    private string HashAt(ServerAddress address)
    {
        if (_last is not { } last || last.Address != address)
        {
            _last = last = new(address, WindowsScript.HashOf(windows.Render(address, null)));
        }

        return last.Hash;
    }

    private sealed record Hashed(ServerAddress Address, string Hash);
}
