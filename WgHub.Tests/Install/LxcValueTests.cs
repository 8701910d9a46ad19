namespace WgHub.Install;

/// <summary>What is given to wghub-lxc.sh is looked at, all of it, before the node is asked anything.</summary>
public sealed class LxcValueTests : LxcNode
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "--id", "99 0 -1 1000000000 0100 1e3 abc $(reboot)" },
        { "--memory", "511 0 0x400 1024M -1 8388609 01024 2_000" },
        { "--swap", "-1 x 00 8388609" },
        { "--cores", "0 8193 1.5 two" },
        { "--disk", "1 0 131073 8G" },
        { "--vlan", "0 4095 x" },
        { "--hostname", "-a a- a_b a..b .a a. a;b a.-b ü a" + new string('a', 64) },
        { "--domain", "-a a..b a/b" },
        { "--storage", "1a a a/b a- local:lvm" },
        { "--template-storage", "a/b ../x" },
        { "--bridge", "0br br/0 br,x aaaaaaaaaaaaaaaa" },
        { "--ip", "static 10.0.0.5 10.0.0.5/33 10.0.0.5/0 10.0.0.256/24 10.0.0/24 10.0.0.05/24 10.0.0.5/24,x 1.2.3.4.5/24" },
        { "--ip 10.0.0.5/24 --gateway", "10.0.1.1 10.0.0.5 x 10.0.0 10.0.0.999" },
        { "--gateway", "10.0.0.1" },
        { "--gateway 10.0.0.1 --ip", "10.0.0.0/24 10.0.0.255/24" },
        { "--nameserver", "x 1.2.3 1.2.3.4.5 ::1;x" },
        { "--template", "debian local:iso/x.iso local:vztmpl/ local:vztmpl/../x ../x:vztmpl/y" },
        { "--urls", "ftp://x https://x,y http://x$y" },
        { "--binary", "none hub.deb" },
        { "--unprivileged", "0" },
        { "--privileged", "1" },
        { "--deb", "hub.deb" },
    };

    /// <summary>Whatever it is, and in whichever shell, it is refused before the node is asked anything.</summary>
    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Every_value_is_looked_at_before_anything_is_run(string option, string values)
    {
        foreach (var value in values.Split(' ').Append(""))
        {
            string[] command = ["create", "--binary", "hub", .. option.Split(' '), value];
            var told = await RunAsync(command, "dash");
            Assert.Equal((64, ""), (told.ExitCode, told.Output));
            Assert.Matches(@"\Awghub-lxc: [^\n]+\n\z", told.Error);
            Assert.Equal("", Calls);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("make")]
    [InlineData("create")]
    [InlineData("create --deb hub")]
    [InlineData("create --deb hub.deb --urls https://0.0.0.0:443")]
    [InlineData("create --binary hub --id")]
    [InlineData("create --binary hub --yes")]
    [InlineData("update")]
    [InlineData("update --binary hub --memory 1024")]
    [InlineData("destroy --binary hub")]
    public async Task A_line_that_makes_no_sense_is_refused(string command)
    {
        Assert.Equal(64, (await RunAsync(command)).ExitCode);
        Assert.Equal("", Calls);
    }
}
