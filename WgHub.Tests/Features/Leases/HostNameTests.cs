using WgHub.TestKit;

namespace WgHub.Features.Leases;

public sealed class HostNameTests
{
    public static TheoryData<string, string?, string> Names => new()
    {
        { "Web-1", "example.internal", "web-1.example.internal web-1" },
        { "Web-1", null, "web-1" },
        { "web-1.berlin", "example.internal", "web-1.berlin.example.internal" },
        { "www.example.com", "lan", "www.example.com.lan" },
        { "10", "lan", "10.lan" },
        { "web-1.berlin", null, "" }, // it could be a name of the internet
        { "10", null, "" },
        { "web_1", "lan", "" },
        { "web-", "lan", "" },
        { "web.", "lan", "" },
        { "a..b", "lan", "" },
        { "a.-b", "lan", "" },
        { "HUB", "lan", "" },
        { "localhost", "lan", "" },
        { "WPAD", "lan", "" }, // a browser would take its proxy from there
        { "isatap", null, "" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_taken_as_it_is_or_not_at_all(string name, string? domain, string expected)
    {
        Assert.Equal(expected, string.Join(' ', HostName.Of(name, domain)));
        Assert.Equal(expected.Length == 0, HostName.WhyNone(name, domain) is not null);
    }

    [Fact]
    public void Whatever_a_spoke_is_called_a_host_name_is_made_of_labels() =>
        Any.Holds(Any.Text, text => !SpokeName.TryParse(text, out var name)
            || HostName.Of(name.Text, "example.internal").All(host => host.Length <= 253 && host.Split('.').All(label =>
                label.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(label[0]) && char.IsAsciiLetterOrDigit(label[^1])
                && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))));

    [Fact]
    public void Two_names_never_meet_in_one()
    {
        string[] names = ["a", "a.b", "b", "b.lan", "a.lan", "lan", "a.b.lan", "www"];

        var all = names.SelectMany(name => HostName.Of(name, "lan")).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
    }
}
