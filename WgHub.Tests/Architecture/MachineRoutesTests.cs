using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>Tests that share a machine's routes do not run beside each other.</summary>
public sealed class MachineRoutesTests
{
    private static readonly string[] OnMachinesOfTheirOwn = ["WgHub.Tests/Browser/", "WgHub.Tests/Lab/"];

    [Fact]
    public void A_class_that_makes_networks_is_in_their_collection()
    {
        var makers = Sources.OfAll(".cs")
            .Where(file => file.Path.StartsWith("WgHub.Tests/", StringComparison.Ordinal) && !OnMachinesOfTheirOwn.Any(file.Path.StartsWith))
            .Where(file => file.Text.Contains("PostAsync(" + "\"/api/networks\"", StringComparison.Ordinal)
                || file.Text.Contains("HttpMethod.Post, " + "\"/api/networks\"", StringComparison.Ordinal))
            .ToList();

        Assert.True(makers.Count >= 5, "They are looked for by a call that they no longer make.");
        Assert.All(makers, file => Assert.Contains($"[Collection(nameof({nameof(MachineRoutes)}))]", file.Text, StringComparison.Ordinal));
    }
}
