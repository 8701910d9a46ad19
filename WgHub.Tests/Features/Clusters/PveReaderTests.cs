using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Features.Clusters;

public sealed class PveReaderTests
{
    private static readonly string[] Files =
    [
        "members-16node-cluster.json", "members-3node-one-offline.json", "members-standalone.json", "pvesh-cluster-status-4node-2026.part.json", "pvesh-cluster-status-standalone-pve9.1.json",
    ];

    [Fact]
    public void Members_tell_of_all_nodes_also_of_those_that_are_off()
    {
        var report = PveReader.FromMembers(PveFiles.Read("members-16node-cluster.json"))!;

        Assert.Equal(("pm01-gh", "ghcluster", 16, false), (report.Node, report.Cluster!.Name, report.Cluster.Members.Count, report.IsStandalone));
        Assert.Equal(new("pm03-gh", 3, "192.168.9.123", false), Assert.Single(report.Cluster.Members, member => !member.IsOnline));
        Assert.Null(PveReader.FromMembers(PveFiles.Read("members-3node-one-offline.json"))!.Cluster!.Members.Single(member => member.Name == "pve3").Address);
    }

    /// <summary>The install script takes them out: a JSON string has none.</summary>
    [Theory]
    [InlineData("members-16node-cluster.json", 16)]
    [InlineData("members-3node-one-offline.json", 3)]
    public void Members_are_read_without_their_line_ends_too(string file, int nodes) =>
        Assert.Equal(nodes, PveReader.FromMembers(string.Concat(PveFiles.Read(file).Where(c => !char.IsControl(c))))!.Cluster!.Members.Count);

    [Fact]
    public void A_standalone_node_says_so_by_file_and_by_command()
    {
        Assert.Equal(new("pve", null, null, true), PveReader.FromMembers(PveFiles.Read("members-standalone.json")));
        Assert.Equal(new("aghub", null, null, true), PveReader.FromStatus(PveFiles.Read("pvesh-cluster-status-standalone-pve9.1.json")));
    }

    [Fact]
    public void The_command_tells_of_cluster_and_nodes()
    {
        var report = PveReader.FromStatus(PveFiles.Read("pvesh-cluster-status-4node-2026.part.json"))!;

        Assert.Equal(("Homelab-Lab", false), (report.Cluster!.Name, report.IsStandalone));
        Assert.Equal(new("workstation2", 0, "192.168.50.56", true), Assert.Single(report.Cluster.Members));
    }

    [Theory]
    [InlineData("pveversion-7.4.txt", "7.4-20")]
    [InlineData("pveversion-8.3.txt", "8.3.3")]
    [InlineData("pveversion-9.2.txt", "9.2.10")]
    public void The_version_is_read_from_the_line_of_each_release(string file, string version)
    {
        Assert.True(PveName.TryParseVersion(PveFiles.Read(file).Trim(), out var read));
        Assert.Equal(version, read);
    }

    [Theory]
    [InlineData("""{"nodename":"pve","cluster":{"name":"<b>"},"nodelist":{}}""")]   // not standalone: it says it is in one
    [InlineData("""{"nodename":"pve","cluster":5}""")]
    [InlineData("""{"nodename":"a b"}""")]
    [InlineData("""[{"type":"cluster","name":"\ud800"},{"type":"node","name":"pve","local":1}]""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_of_another_form_is_no_report(string text) => Assert.Null(PveReader.FromMembers(text) ?? PveReader.FromStatus(text));

    [Fact]
    public void A_member_that_has_no_name_is_left_out_and_one_that_comes_twice_is_one()
    {
        var report =
            PveReader.FromMembers("""{"nodename":"a","cluster":{"name":"c"},"nodelist":{"a":{"id":1},"a":{"id":2},"<b>":{"id":3},"\ud800":{},"d":5}}""");

        Assert.Null(report); // half a character: somebody made it up
        report = PveReader.FromMembers("""{"nodename":"a","cluster":{"name":"c"},"nodelist":{"a":{"id":1,"ip":"x"},"a":{"id":2},"<b>":{"id":3},"d":5}}""");
        Assert.Equal(["a", "d"], report!.Cluster!.Members.Select(member => member.Name));
        Assert.Null(report.Cluster.Members[0].Address);
    }

    /// <summary>Whatever comes, it is read or it is not; nothing is thrown, and no name but a name comes out.</summary>
    [Fact]
    public void No_text_breaks_it()
    {
        var mutated =
            from text in Gen.Elements(Files.Select(PveFiles.Read).ToArray())
            from at in Gen.Choose(0, text.Length - 1)
            from length in Gen.Choose(0, 20)
            from put in Gen.OneOf(Any.Text, Gen.Elements("\"", "{", "}", "[", "]", "null", "1e999", "\\ud800", "\"\\ud800\":", "-9223372036854775809", "\0"))
            select string.Concat(text.AsSpan(0, at), put, text.AsSpan(Math.Min(text.Length, at + length)));

        Any.Holds(Gen.OneOf(mutated, Any.Text), text =>
            new[] { PveReader.FromMembers(text), PveReader.FromStatus(text) }.OfType<PveReport>().All(report =>
                report.Node is null or { Length: > 0 and < 64 }
                && (
                    report.Cluster
                        is null
                        || report.Cluster.Members.Select(member => member.Name).Append(report.Cluster.Name).All(name => PveName.TryParse(name, out _)))));
    }
}
