using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>What the hub itself takes up: its interface and the networks of its spokes' addresses.</summary>
internal sealed record Ground(string Interface, IReadOnlyList<Cidr> Networks);

/// <summary>Tells <see cref="Ground"/>. The room Hub, which has the row, lends it: it stands above this one.</summary>
/// <param name="read">Null before the hub's set-up.</param>
internal sealed class HubGround(Func<Tx, Ground?> read)
{
    /// <summary>Null before the hub's set-up.</summary>
    public Ground? Find(Tx tx) => read(tx);
}
