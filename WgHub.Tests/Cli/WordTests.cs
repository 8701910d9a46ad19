namespace WgHub.Cli;

/// <summary>A word that the command line does not know leads to the one that was meant.</summary>
public sealed class WordTests : IDisposable
{
    private const string Domain = "a DNS domain of your own such as example.internal: letters, digits and '-', with dots between, at most 189 characters";

    private const string Commands = "serve, setup-code, api-token, user, audit, backup, restore, master-key, fingerprint, doctor, version, install, "
        + "uninstall, upgrade, spoke, token, cluster, cluster-token, group, network, hub, notification, event, log, retention, person, rule, apply, api, "
        + "completion";

    private readonly Wghub _wghub = new();

    public void Dispose() => _wghub.Dispose();

    [Theory]
    [InlineData("start", "There is no command 'wghub start'. Did you mean serve?")]
    [InlineData("Serve", "There is no command 'wghub Serve'. Did you mean serve?")]
    [InlineData("setupcode", "There is no command 'wghub setupcode'. Did you mean setup-code?")]
    [InlineData("finger", "There is no command 'wghub finger'. Did you mean fingerprint?")]
    [InlineData("help", "There is no command 'wghub help'. Did you mean --help?")]
    [InlineData("frobnicate", $"There is no command 'wghub frobnicate'. There are: {Commands}.")]
    [InlineData("", $"There is no command 'wghub '. There are: {Commands}.")]
    [InlineData("serve now", "'now' is one word too many behind 'wghub serve'. 'wghub serve --help' tells what it takes.")]
    [InlineData("user passwd anna secret", "'secret' is one word too many behind 'wghub user passwd'. 'wghub user passwd --help' tells what it takes.")]
    [InlineData("user lits", "There is no command 'wghub user lits'. Did you mean list?")]
    [InlineData("user delete anna", "There is no command 'wghub user delete'. There are: list, add, set, passwd, enable, disable.")]
    [InlineData("api-token delete 1", "There is no command 'wghub api-token delete'. Did you mean revoke?")]
    [InlineData("user", "wghub user takes one of: list, add, set, passwd, enable, disable.")]
    [InlineData("master-key", "wghub master-key takes one of: rotate.")]
    [InlineData("--port 8080", "wghub serve has no option --port. Did you mean --urls?")]
    [InlineData("serve --port=8080", "wghub serve has no option --port. Did you mean --urls?")]
    [InlineData("serve --url http://127.0.0.1:0", "wghub serve has no option --url. Did you mean --urls?")]
    [InlineData("serve -c x", "wghub serve has no option -c. Did you mean --config?")]
    [InlineData("setup-code --reset", "wghub setup-code has no option --reset. Did you mean --reset-admin?")]
    [InlineData("user add anna --role admin --password=planted", "wghub user add has no option --password. There are: --role, --help, --data, --config.")]
    [InlineData("user passwd", "wghub user passwd: Required argument missing for command: 'passwd'. 'wghub user passwd --help' tells what it takes.")]
    public async Task A_word_that_is_not_known(string command, string sentence)
    {
        var result = await _wghub.RunAsync(command.Split(' '));

        Assert.Equal((64, "", $"wghub: {sentence}\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("WGHUB_Web__PublicURl2=x", "Unknown setting Web:PublicURl2. Did you mean Web:PublicUrl?")]
    [InlineData("WGHUB_Log__Color=x", "Unknown setting Log:Color. There are: Log:File, Log:Format, Log:Level, Log:RetainedFiles.")]
    [InlineData(
        "WGHUB_Nonsense__X=1",
        "Unknown setting Nonsense:X. There are: Backup, History, Limits, Log, Mail, Metrics, Networks, Notifications, Policy, Retention, Tls, Web, Windows, "
        + "WireGuard.")]
    [InlineData("WGHUB_WireGuard__SampleSeconds=soon", "WireGuard:SampleSeconds is 'soon': it takes a whole number from 1 to 3600.")]
    [InlineData("WGHUB_WireGuard__SampleSeconds=0", "WireGuard:SampleSeconds is '0': it takes a whole number from 1 to 3600.")]
    [InlineData("WGHUB_WireGuard__WriteConfig=yes", "WireGuard:WriteConfig is 'yes': it takes true or false.")]
    [InlineData("WGHUB_WireGuard__Userspace=never ever", "WireGuard:Userspace is 'never ever': it takes one of auto, always, never.")]
    [InlineData("WGHUB_WireGuard__ConfigDirectory=", "WireGuard:ConfigDirectory is '': it takes a folder's path that begins with /.")]
    [InlineData("WGHUB_WireGuard__Interface=a/b", "WireGuard:Interface is 'a/b': it takes a name of 1 to 15 letters, digits and _=+.-.")]
    [InlineData("WGHUB_Log__Format=xml", "Log:Format is 'xml': it takes one of text, json.")]
    [InlineData("WGHUB_Log__RetainedFiles=many", "Log:RetainedFiles is 'many': it takes a whole number from 1 to 3650.")]
    [InlineData("WGHUB_Windows__MsiX64Sha256=0", "Windows:MsiX64Sha256 is '0': it takes the 64 hexadecimal digits of a SHA-256.")]
    [InlineData("WGHUB_Policy__Domain=example_1.internal", $"Policy:Domain is 'example_1.internal': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__Domain=.internal", $"Policy:Domain is '.internal': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__Domain=local", $"Policy:Domain is 'local': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__Domain=a.Localhost", $"Policy:Domain is 'a.Localhost': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__Domain=10.8.0.1", $"Policy:Domain is '10.8.0.1': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__Domain=a b;c", $"Policy:Domain is 'a b;c': it takes {Domain}.")]
    [InlineData("WGHUB_Policy__HostsFile=names/", "Policy:HostsFile is 'names/': it takes the path of a file, or nothing.")]
    [InlineData("WGHUB_Tls__AcmeStaging=1", "Tls:AcmeStaging is '1': it takes true or false.")]
    [InlineData("WGHUB_Limits__TokensPerHourPerIp=many", "Limits:TokensPerHourPerIp is 'many': it takes a whole number from 0 to 1000000.")]
    public async Task A_setting_is_told_with_its_value_and_what_it_takes(string setting, string sentence)
    {
        var result = await _wghub.RunWithAsync([setting], "serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal((64, "", $"wghub: {sentence}\n"), (result.ExitCode, result.Output, result.Error));
    }
}
