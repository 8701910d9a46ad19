using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Features.Clusters;

public sealed class ClusterIdentityTests
{
    private static readonly KnownCluster Unnamed = Known("1", "", "pve1 pve2");
    private static readonly KnownCluster Berlin = Known("2", "berlin", "pve1 pve2");
    private static readonly KnownCluster Munich = Known("3", "munich", "pve1 pve2");

    [Fact]
    public void Other_nodes_are_another_cluster_of_the_same_name() => Assert.Null(Find([Unnamed], "", "pve8", "pve8 pve9"));

    [Fact]
    public void One_node_in_common_is_enough() => Assert.Equal("1", Find([Unnamed], "", "pve3", "pve2 pve3 pve4"));

    [Fact]
    public void Without_a_site_the_same_names_are_the_same_cluster() => Assert.Equal("1", Find([Unnamed], "", "pve2", "pve1 pve2"));

    [Fact]
    public void A_site_means_clusters_of_that_site_alone()
    {
        Assert.Equal("3", Find([Unnamed, Berlin, Munich], "munich", "pve1", "pve1 pve2"));
        Assert.Null(Find([Unnamed, Berlin], "munich", "pve1", "pve1 pve2"));
    }

    [Fact]
    public void Among_several_the_one_with_most_nodes_in_common_counts_then_its_own_then_the_oldest()
    {
        Assert.Equal("3", Find([Berlin, Known("3", "munich", "pve1 pve2 pve3")], "", "pve3", "pve1 pve2 pve3"));
        Assert.Equal("3", Find([Berlin, Munich], "", "pve1", "pve1 pve2", "3"));
        Assert.Equal("2", Find([Munich, Berlin], "", "pve1", "pve1 pve2"));
    }

    [Fact]
    public void A_cluster_whose_nodes_were_all_renamed_stays_the_one_it_was() => Assert.Equal("1", Find([Unnamed, Berlin], "", "new1", "new1 new2", "1"));

    [Fact]
    public void A_node_that_moved_to_a_cluster_of_the_same_name_is_where_more_of_its_fellows_are() =>
        Assert.Equal("9", Find([Unnamed, Known("9", "", "pve7 pve8 pve9")], "", "pve1", "pve1 pve7 pve8 pve9", "1"));

    [Fact]
    public void A_name_alone_leads_to_the_only_cluster_of_that_name()
    {
        Assert.Equal("1", Find([Unnamed], "", "pve9", ""));
        Assert.Null(Find([Unnamed, Known("4", "", "a b")], "", "pve9", ""));
        Assert.Equal("4", Find([Unnamed, Known("4", "", "a b")], "", "b", ""));
        Assert.Null(Find([], "", "pve9", ""));
    }

    /// <summary>Whatever is told, the answer is one of those that fit, and telling it again leads to the same.</summary>
    [Fact]
    public void The_rule_is_settled()
    {
        var names = Gen.Elements("a", "b", "c", "d", "e").ListOf().Select(list => string.Join(' ', list));
        var sites = Gen.Elements("", "x", "y");
        var cases =
            from known in (from site in sites from nodes in names select (site, nodes)).ListOf()
            from site in sites
            from nodes in names
            from node in Gen.Elements("a", "b", "f")
            select (Known: known.Select((one, index) => Known($"{index:00}", one.site, one.nodes)).ToList(), site, nodes, node);

        Any.Holds(cases, one =>
        {
            var found = Find(one.Known, one.site, one.node, one.nodes);
            return found is null || (one.Known.Single(cluster => cluster.Id == found) is var cluster && (one.site.Length == 0 || cluster.Site == one.site)
                && Find(one.Known, one.site, one.node, one.nodes, found) == found);
        });
    }

    private static string? Find(IReadOnlyList<KnownCluster> known, string site, string node, string members, string? current = null) =>
        ClusterIdentity.Find(known, site, node, Words(members), current);

    private static KnownCluster Known(string id, string site, string nodes) => new(id, site, Words(nodes).ToHashSet());

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
