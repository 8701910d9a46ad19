using System.Net;

namespace WgHub.Web;

public sealed class OpenConnectionsTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");

    [Theory]
    [InlineData(null, 10_000)]
    [InlineData(1_048_576UL, 10_000)]
    [InlineData(4_096UL, 3_696)]
    [InlineData(1_024UL, 624)]
    [InlineData(600UL, 200)]
    public void There_are_no_more_than_there_are_descriptors_for(ulong? descriptors, int most) => Assert.Equal(most, OpenConnections.MostFor(descriptors));

    [Fact]
    public void One_address_has_half_of_what_the_others_leave_and_a_share_at_most()
    {
        var open = new OpenConnections(100);
        Assert.Equal(50, Enter(open, 100, _ => One));
        Assert.Equal(25, Enter(open, 100, _ => IPAddress.Parse("192.0.2.2")));
        Assert.Equal(1, Enter(open, 1, _ => IPAddress.Parse("192.0.2.3")));
        Assert.Equal(1_000, Enter(new OpenConnections(10_000), 2_000, _ => One));
        Assert.Equal(1_000, Enter(new OpenConnections(10_000), 2_000, i => IPAddress.Parse($"2001:db8::{i:x}")));
    }

    [Fact]
    public void Many_addresses_have_no_more_than_all_together()
    {
        var open = new OpenConnections(100);

        Assert.Equal(100, Enter(open, 300, i => IPAddress.Parse($"192.0.2.{i % 250}")));
        Assert.False(open.Enter(null)); // for a trusted proxy too there are no more descriptors
        open.Leave(null);
    }

    /// <summary>Who was turned away while there were too many of all is counted like everybody, or its leaving would be one of its others.</summary>
    [Fact]
    public void Who_is_turned_away_from_a_full_hub_gains_nothing_by_it()
    {
        var open = new OpenConnections(10);
        Assert.Equal(5, Enter(open, 5, _ => One));
        Assert.Equal(5, Enter(open, 5, i => IPAddress.Parse($"192.0.2.1{i}")));
        Assert.Equal(0, Enter(open, 20, _ => One));
        for (var i = 1; i <= 5; i++)
        {
            open.Leave(IPAddress.Parse($"192.0.2.1{i}"));
        }

        Assert.Equal(0, Enter(open, 5, _ => One));
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        var open = new OpenConnections(4);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(open.Enter(One));
            open.Leave(One);
        }
    }

    /// <returns>How many were let in; the others left at once.</returns>
    private static int Enter(OpenConnections open, int count, Func<int, IPAddress> from) => Enumerable.Range(1, count).Count(i =>
    {
        if (open.Enter(from(i)))
        {
            return true;
        }

        open.Leave(from(i));
        return false;
    });
}
