using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The role, run by the real Ansible against a hub: the second run changes nothing, and a trial run is right both ways.</summary>
[Trait("Kind", "Lab")]
public sealed class AnsibleTests : HubTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-ansible-");

    private protected override TestHub Make() => new() { IsSetUp = false };

    public override async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task It_sets_a_hub_up_and_makes_it_have_what_a_map_says_once()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "ansible-playbook"))), "No Ansible here.");

        Assert.Equal(1, await PlayAsync(["a", "b"], isTrial: true)); // the file: what a hub that is not set up would be told, nobody can say
        Assert.Equal(2 + 1, await PlayAsync(["a", "b"]));            // set up, the file, what is in it
        Assert.Equal(0, await PlayAsync(["a", "b"]));
        Assert.Equal(0, await PlayAsync(["a", "b"], isTrial: true));
        Assert.Equal(2, await PlayAsync(["a", "c"], isTrial: true));
        Assert.Equal(["a", "b"], await WaitingAsync());
        Assert.Equal(2, await PlayAsync(["a", "c"]));
        Assert.Equal(["a", "b", "c"], await WaitingAsync());
        Assert.Equal(1, await PlayAsync(["a", "c"], prune: true));
        Assert.Equal(["a", "c"], await WaitingAsync());
    }

    /// <returns>How many tasks changed something.</returns>
    private async Task<int> PlayAsync(string[] spokes, bool isTrial = false, bool prune = false)
    {
        var play = new[]
        {
            new
            {
                hosts = "all",
                gather_facts = false,
                roles = new[] { Repository.PathOf("ansible/roles/wghub") },
                vars = new Dictionary<string, object>
                {
                    ["wghub_command"] = Path.Combine(AppContext.BaseDirectory, "wghub"),
                    ["wghub_environment"] = new Dictionary<string, string> { ["WGHUB_DATA"] = Hub.Folder.FullName },
                    ["wghub_hub"] = new Dictionary<string, object>
                    {
                        ["network-cidr"] = Hub.Network, ["listen-port"] = Hub.Port, ["public-endpoint"] = "vpn.example.com",
                    },
                    ["wghub_network_file"] = Path.Combine(_folder.FullName, "network.yaml"),
                    ["wghub_prune"] = prune,
                    ["wghub_network"] = new
                    {
                        groups = new[] { new { name = "servers", routes = "hub" } },
                        spokes = spokes.Select(name => new { name, group = "servers" }),
                    },
                },
            },
        };
        var book = Path.Combine(_folder.FullName, "play.json");
        await File.WriteAllTextAsync(book, JsonSerializer.Serialize(play), Cancel);
        string[] trial = isTrial ? ["--check"] : [];
        var told = await Shell.RunAsync(
            [
                "env", "LC_ALL=C.UTF-8", "ANSIBLE_NOCOLOR=1", "ANSIBLE_STDOUT_CALLBACK=json",
                $"ANSIBLE_LOCAL_TEMP={_folder.FullName}/tmp", $"ANSIBLE_REMOTE_TEMP={_folder.FullName}/remote",
                "ansible-playbook", "-c", "local", "-i", "localhost,", "-e", "ansible_python_interpreter=/usr/bin/python3", .. trial, book,
            ],
            Cancel);
        Assert.True(told.ExitCode == 0, told.Output + told.Error);
        Assert.DoesNotContain("| sudo sh", told.Output, StringComparison.Ordinal); // lines with secrets
        return JsonDocument.Parse(told.Output[told.Output.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("stats")
            .GetProperty("localhost").GetProperty("changed").GetInt32();
    }

    private async Task<IEnumerable<string?>> WaitingAsync() =>
        (await Hub.Viewer.GetAsync("/api/installation/tokens")).Json.GetProperty("tokens").EnumerateArray()
            .Where(token => token.GetProperty("state").GetString() == "pending").Select(token => token.GetProperty("spokeName").GetString()).Order();
}
