namespace WgHub.Features.Routes;

public sealed class SpokeRoutesTests
{
    [Theory]
    [InlineData("hub", "hub")]
    [InlineData("network", "network")]
    [InlineData("all", "all")]
    [InlineData("10.20.0.0/16", "10.20.0.0/16")]
    [InlineData(" 10.20.0.0/16,\n192.168.1.4/32 ", "10.20.0.0/16,192.168.1.4/32")]
    [InlineData("FD00:0:1::/48, 2a02:8070::1/128", "fd00:0:1::/48,2a02:8070::1/128")]
    public void What_can_be_routed_has_one_spelling(string text, string stored)
    {
        Assert.True(SpokeRoutes.TryParse(RoutesWish.Of(text).Words, out var routes, out _));
        Assert.Equal(stored, routes.Text);
        Assert.Equal(routes, SpokeRoutes.FromStored(stored));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("HUB")]
    [InlineData("hub,10.20.0.0/16")]
    [InlineData("10.20.0.1/16")]
    [InlineData("10.20.0.0/016")]
    [InlineData("10.20.0.0")]
    [InlineData("10.0.0.0/7")]
    [InlineData("0.0.0.0/1,128.0.0.0/1")]
    [InlineData("127.0.0.0/8")]
    [InlineData("169.254.0.0/16")]
    [InlineData("224.0.0.0/8")]
    [InlineData("fe80::/64")]
    [InlineData("2000::/3")]
    [InlineData("::ffff:10.0.0.0/112")]
    [InlineData("fd00::1/64")]
    [InlineData("fd00::%1/64")]
    [InlineData("10.20.0.0/16,10.20.0.0/16")]
    [InlineData("fd00::/64,FD00:0::/64")]
    [InlineData("10.20.0.0/16;$(id)")]
    public void What_cannot_is_refused_with_a_sentence(string text)
    {
        Assert.False(SpokeRoutes.TryParse(RoutesWish.Of(text).Words, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.20.0.0/16,::/0")]
    [InlineData("0::0/0")]
    public void Everything_is_chosen_by_its_word(string text)
    {
        Assert.False(SpokeRoutes.TryParse(RoutesWish.Of(text).Words, out _, out var problem));
        Assert.Contains("is everything: choose that instead", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_has_a_limit()
    {
        var most = Enumerable.Range(0, SpokeRoutes.MostNetworks).Select(number => $"10.{number}.0.0/16").ToList();

        Assert.True(SpokeRoutes.TryParse(most, out _, out _));
        Assert.False(SpokeRoutes.TryParse([.. most, "10.99.0.0/16"], out _, out _));
        Assert.False(SpokeRoutes.TryParse([], out _, out _));
    }

    [Fact]
    public void A_list_keeps_the_hub_in_reach_and_names_each_network_once()
    {
        var hub = new HubRoutes(["10.8.0.1/32"], ["10.8.0.0/22"], null);

        Assert.Equal(["10.8.0.1/32", "10.20.0.0/16"], hub.Of(SpokeRoutes.FromStored("10.8.0.1/32,10.20.0.0/16")));
        Assert.Equal(["10.8.0.1/32"], hub.Of(SpokeRoutes.Hub));
        Assert.Equal(["10.8.0.0/22"], hub.Of(SpokeRoutes.Network));
        Assert.Equal(["0.0.0.0/0", "::/0"], hub.Of(SpokeRoutes.All));
    }
}
