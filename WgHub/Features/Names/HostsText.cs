using System.Text;
using WgHub.Features.Hub;
using WgHub.Features.Leases;

namespace WgHub.Features.Names;

/// <summary>Names and addresses in the form of hosts(5): <c>ADDRESS NAME.DOMAIN NAME</c>, a line for each address.</summary>
/// <param name="Text">By address.</param>
/// <param name="Nameless">Names of spokes that are no host names.</param>
internal sealed record HostsText(string Text, IReadOnlyList<string> Nameless)
{
    public static HostsText Of(HubConfig hub, IReadOnlyList<Lease> leases)
    {
        var text = new StringBuilder(256 + (leases.Count * 120))
            .Append(HostsFile.Signature).Append(" Changes made here are overwritten.\n");
        List<string> nameless = [];
        foreach (var lease in leases)
        {
            var names = lease.Name.Length > 0 ? HostName.Of(lease.Name, hub.Domain)
                : hub.Domain is { } domain ? [$"{HostName.OfTheHub}.{domain}", HostName.OfTheHub] : [HostName.OfTheHub];
            if (names.Count == 0)
            {
                nameless.Add(lease.Name);
                text.Append("# no host name: ").Append(lease.Name).Append('\n');
                continue;
            }

            Line(text, lease.Address.ToString(), names);
            if (hub.Network6 is { } six)
            {
                Line(text, lease.Address6?.Address.ToString() ?? six.AddressFor(lease.Address.Number), names);
            }
        }

        return new(text.ToString(), nameless);
    }

    private static void Line(StringBuilder text, string address, IReadOnlyList<string> names) =>
        text.Append(address).Append(' ').AppendJoin(' ', names).Append('\n');
}
