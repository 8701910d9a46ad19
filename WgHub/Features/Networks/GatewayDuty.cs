namespace WgHub.Features.Networks;

/// <summary>What a spoke has to lead to, whether it carries it now or stands by; it is told when it registers, and by its timer.</summary>
/// <param name="Networks">In CIDR form.</param>
/// <param name="Masquerade">Those of them whose hosts see the spoke's own address.</param>
internal sealed record GatewayDuty(IReadOnlyList<string> Networks, IReadOnlyList<string> Masquerade)
{
    /// <param name="behind">As <see cref="NetworkStore.Behind(string)"/> has them.</param>
    public static GatewayDuty Of(IReadOnlyList<Network> behind) => new(
        [.. behind.Select(network => network.Cidr.ToString())],
        [.. behind.Where(network => network.Masquerade).Select(network => network.Cidr.ToString())]);

    /// <summary>Lines of their own in an answer of <c>name=value</c>: nothing behind the sign says that there is nothing.</summary>
    public override string ToString() => $"gateway={string.Join(' ', Networks)}\nmasquerade={string.Join(' ', Masquerade)}\n";
}
