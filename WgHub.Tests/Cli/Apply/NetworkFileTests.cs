using WgHub.Hosting;

namespace WgHub.Cli.Apply;

public sealed class NetworkFileTests
{
    [Theory]
    [InlineData("tests:\n- from: a\n  too: x\n", "f:3: a test has no 'too'. There are from, to, protocol, port, expect, state.")]
    [InlineData("spoke: []\n", "f:1: there is no 'spoke'. There are groups, networks, rules, tests, spokes.")]
    [InlineData("spokes: {name: a}\n", "f:1: a list of spokes is wanted here, each with a dash.")]
    [InlineData("spokes:\n- a\n", "f:2: a spoke is a map, such as {name: …}.")]
    [InlineData("- a\n", "f:1: a file is a map: groups, networks, rules, tests, spokes.")]
    [InlineData("spokes:\n- owner: a\n", "f:2: a spoke needs its 'name'.")]
    [InlineData("rules:\n- to: hub\n", "f:2: a rule needs its 'from'.")]
    [InlineData("spokes:\n- name: a\n- name: A\n", "f:3: spoke 'A' stands in line 2 already.")]
    [InlineData(
        "rules:\n- {from: anybody, to: hub, ports: '22,8006'}\n- {from: anybody, to: hub, ports: '8006, 22'}\n",
        "f:3: rule 'anybody → hub any 22,8006' stands in line 2 already.")]
    [InlineData("networks:\n- {name: a, cidr: 10.0.0.300/8}\n", "f:2: '10.0.0.300/8' is no network such as 10.20.0.0/16.")]
    [InlineData("networks:\n- {name: a, masquerade: maybe}\n", "f:2: masquerade maybe: on or off.")]
    [InlineData("rules:\n- {from: anybody, to: hub, ports: 99999}\n", "f:2: '99999': Ports and ranges by comma, such as 22,8006,9000-9100: at most 15.")]
    [InlineData("tests:\n- {from: anybody, to: hub, port: ssh}\n", "f:2: port ssh: a whole number.")]
    [InlineData("groups:\n- {name: a, routes: 0.0.0.0/0}\n", "f:2: 0.0.0.0/0 is everything: choose that instead (all).")]
    [InlineData("spokes:\n- {name: a, state: gone}\n", "f:2: state is 'gone': it is present or absent.")]
    [InlineData("spokes:\n- {name: a, owner: [x, y]}\n", "f:2: 'owner' takes one value.")]
    [InlineData("spokes:\n- {name: a, tags: {x: y}}\n", "f:2: 'tags' takes one value.")]
    [InlineData("spokes:\n- {name: a, tags: [[x]]}\n", "f:2: a text is wanted here.")]
    public void What_a_file_may_not_say_is_told_with_its_line(string yaml, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => NetworkFile.Read("f", yaml)).Message);

    [Fact]
    public void A_list_that_is_not_there_is_null_and_an_empty_one_is_empty()
    {
        var file = NetworkFile.Read("f", "spokes:\nrules: []\n");

        Assert.Equal((true, true, true), (file.Spokes is { Count: 0 }, file.Rules is { Count: 0 }, file.Networks is null));
    }

    [Fact]
    public void What_is_the_same_is_spelt_the_same()
    {
        var file = NetworkFile.Read("f", "networks: [{name: a, cidr: 'FD00:0::/64'}]\nspokes: [{name: b, tags: 'y, x', routes: '10.20.0.0/16'}]\n");

        Assert.Equal("fd00::/64", file.Networks![0].Text("cidr"));
        Assert.Equal("""{"name":"b","tags":["x","y"],"routes":["10.20.0.0/16"]}""", file.Spokes![0].Fields.ToJsonString());
    }
}
