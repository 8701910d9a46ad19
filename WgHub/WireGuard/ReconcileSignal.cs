using WgHub.Hosting;

namespace WgHub.WireGuard;

/// <summary>Set by whoever changed what the interface should hold: a full comparison follows soon.</summary>
internal sealed class ReconcileSignal : Signal;
