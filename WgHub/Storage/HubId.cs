namespace WgHub.Storage;

/// <summary>Names one hub: one interface, here or on another machine.</summary>
internal readonly record struct HubId(string Value)
{
    public override string ToString() => Value;
}
