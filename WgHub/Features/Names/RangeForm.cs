using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Names;

/// <summary>A range as it is asked for.</summary>
/// <param name="First">An IPv4 address; both ends belong to the range.</param>
internal sealed record RangeWish(string? Group, string? First, string? Last);

/// <summary>What is asked of <c>PUT /api/hub/ranges</c>: these ranges and no others.</summary>
internal sealed record ChangeRanges(IReadOnlyList<RangeWish?>? Ranges = null)
{
    private const int Most = 100;

    /// <summary>By address.</summary>
    /// <param name="network">What they have to lie in.</param>
    /// <exception cref="AppException">VALIDATION_FAILED, ADDRESS_OUTSIDE_NETWORK.</exception>
    public IReadOnlyList<AddressRange> Parse(Ipv4Network network)
    {
        if (Ranges is not { Count: <= Most } wishes)
        {
            throw WebErrors.Invalid("ranges", $"A list of at most {Most} ranges; an empty one for none.");
        }

        var checks = new FieldChecks();
        var read = wishes.Select((wish, index) => Read(checks, wish ?? new(null, null, null), $"ranges[{index}]")).ToList();
        checks.ThrowIfAny();
        foreach (var (range, index) in read.Select((range, index) => (range, index)))
        {
            if (!range.IsIn(network))
            {
                var outside = network.HasHost(range.First.Number) ? range.Last : range.First;
                throw LeaseErrors.AddressOutside(outside.ToString(), network, $"ranges[{index}]");
            }

            if (read.Take(index).FirstOrDefault(range.Overlaps) is { } other)
            {
                checks.Fail($"ranges[{index}]", $"{range} for '{range.Group}' overlaps {other} for '{other.Group}'.");
            }
        }

        checks.ThrowIfAny();
        return [.. read.OrderBy(range => range.First.Number)];
    }

    /// <summary>A line for each: <c>10.8.0.64-10.8.0.127 servers</c>, or a network in place of both ends.</summary>
    public static ChangeRanges FromText(string? text) => new(
        [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(FromLine)]);

    private static RangeWish FromLine(string line)
    {
        var (range, group) = line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var addresses, var name] ? (addresses, name) : (line, "");
        return Ipv4Network.TryParse(range, out var network) ? new(group, Ipv4Network.ToText(network.First), Ipv4Network.ToText(network.Last))
            : range.Split('-', 2) is [var first, var last] ? new(group, first, last)
            : new(group, range, range);
    }

    private static AddressRange Read(FieldChecks checks, RangeWish wish, string field)
    {
        var range = new AddressRange(
            checks.Required<string>($"{field}.group", wish.Group, Label.TryParseGroup, Label.GroupRule),
            checks.Required<Ipv4Address>($"{field}.first", wish.First, Ipv4Address.TryParse, AddressWish.Rule),
            checks.Required<Ipv4Address>($"{field}.last", wish.Last, Ipv4Address.TryParse, AddressWish.Rule));
        if (range.First.Number > range.Last.Number)
        {
            checks.Fail($"{field}.last", $"It comes before the first address, {range.First}.");
        }

        return range;
    }
}
