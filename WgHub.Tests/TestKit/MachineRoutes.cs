namespace WgHub.TestKit;

/// <summary>
/// One after the other: networks behind spokes become routes of this machine, and a hub refuses one that the machine has through the interface of
/// another hub.
/// </summary>
[CollectionDefinition(nameof(MachineRoutes))]
public sealed class MachineRoutes;
