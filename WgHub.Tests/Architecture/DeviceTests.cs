using System.Text.RegularExpressions;

namespace WgHub.Architecture;

/// <summary>The seam between what is wanted and what is: one writer and one reader of an interface, which could run on another machine.</summary>
public sealed partial class DeviceTests
{
    private static readonly string[] Tools = ["CommandRunner", "WgTool", "LinkTool", "WgDump", "DeviceReader", "InterfaceGeneration"];

    [Fact]
    public void Programs_are_started_and_their_output_is_read_in_one_room_alone()
    {
        var tools = new Regex($@"\b({string.Join('|', Tools)})\b", RegexOptions.None, TimeSpan.FromSeconds(1));

        Assert.Equal(["WireGuard"], Sources.OfTheHub(".cs", ".cshtml").Where(file => tools.IsMatch(file.Text)).Select(file => file.Room).Distinct());
    }

    [Fact]
    public void The_device_knows_no_database_no_feature_and_no_web_server() =>
        Assert.DoesNotContain(Sources.OfTheHub(".cs"), file => file.Room == "WireGuard" && Above().IsMatch(file.Text));

    [Fact]
    public void No_page_and_no_endpoint_is_given_what_starts_a_program() =>
        Assert.DoesNotContain(Sources.OfTheHub(".cs"), file => IsHandler().IsMatch(file.Path) && Starter().IsMatch(file.Text));

    [GeneratedRegex(@"\bMicrosoft\.(AspNetCore|Data)\b|\b(Storage|Web|Features)\.[A-Z]|\bWgHub\.(Storage|Web|Features)\b|\bDatabase\b(?=[ .(])")]
    private static partial Regex Above();

    [GeneratedRegex(@"(\.cshtml|Endpoints)\.cs\z")]
    private static partial Regex IsHandler();

    /// <summary>As a parameter; a room's endpoints also register its services.</summary>
    [GeneratedRegex(@"\b(Devices?|MachineLook|LocalHub) [a-z]\w*[,)]")]
    private static partial Regex Starter();
}
