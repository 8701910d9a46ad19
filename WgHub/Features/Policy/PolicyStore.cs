using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>The tables of rules, tests and their use. A rule ends with the spoke or the network that it names: such rows are not read.</summary>
internal sealed class PolicyStore(Database database, NetworkStore networks)
{
    private static readonly SqlPart Ends = new(
        """
        from_kind, from_id, to_kind, to_id,
            case from_kind when 'spoke' then (select name from leases join spokes on spokes.id = leases.spoke_id where spokes.id = from_id)
                when 'group' then from_id else '' end as from_name,
            case to_kind when 'spoke' then (select name from leases join spokes on spokes.id = leases.spoke_id where spokes.id = to_id)
                when 'group' then to_id else '' end as to_name
        """);

    /// <returns>Null before the set-up.</returns>
    public PolicyState? Find(HubId hub) => database.Read(tx => Find(tx, hub));

    /// <inheritdoc cref="Find(HubId)"/>
    public PolicyState? Find(Tx tx, HubId hub) => tx.First(
        $"""
        select hubs.network, hubs.network6, hubs.spoke_to_spoke, coalesce(policies.revision, 0) as revision,
            coalesce(policies.masquerades, 'both') as masquerades, policies.confirm_until
        from hubs left join policies on policies.hub_id = hubs.id where hubs.id = {hub}
        """,
        row =>
        {
            IReadOnlyList<PolicyNetwork> all = [.. networks.All(tx, hub).Select(ToPolicy)];
            var names = all.ToDictionary(network => network.Id, network => network.Name);
            return new PolicyState
            {
                Hub = hub,
                Revision = row.Number("revision"),
                Document = new(Rules(tx, hub, names), Tests(tx, hub, names), row.Text("masquerades")),
                HubNetworks = [.. new[] { row.Text("network"), row.TextOrNull("network6") }.OfType<string>().Select(text => Cidr.Parse(text))],
                SpokeToSpoke = row.Flag("spoke_to_spoke"),
                Networks = all,
                Barred = [.. networks.Barred(tx, hub).Select(barred => barred.Cidr)],
                ConfirmUntil = row.TimeOrNull("confirm_until"),
            };
        });

    /// <summary>What a new hub begins with: everybody reaches the hub itself, and nothing else.</summary>
    /// <param name="opensInternet">For one that takes another's place, whose clients may count on it.</param>
    public void Begin(Tx tx, HubId hub, bool opensInternet)
    {
        PolicyRule Rule(Party to) => new() { Id = Guid.CreateVersion7(tx.Now).ToString(), From = Party.Anybody, To = to, Protocol = "any", Ports = [] };
        Replace(tx, hub, 1, new([Rule(Party.Hub), .. opensInternet ? [Rule(Party.Internet)] : Array.Empty<PolicyRule>()], [], "both"), null);
    }

    public static void Remove(Tx tx, HubId hub)
    {
        tx.Execute($"delete from policy_rules where hub_id = {hub}");
        tx.Execute($"delete from policy_tests where hub_id = {hub}");
        tx.Execute($"delete from policy_uses where hub_id = {hub}");
        tx.Execute($"delete from policies where hub_id = {hub}");
    }

    /// <summary>Writes a document over the one before.</summary>
    /// <param name="former">What comes back unless somebody confirms until then; null for nothing.</param>
    public void Replace(Tx tx, HubId hub, long revision, PolicyDocument document, (string Json, DateTimeOffset Until)? former)
    {
        tx.Execute($"delete from policy_rules where hub_id = {hub}");
        tx.Execute($"delete from policy_tests where hub_id = {hub}");
        tx.ExecuteEach(
            [.. document.Rules.Select((rule, position) => (rule, position))],
            one =>
                $"""
                insert into policy_rules (id, hub_id, position, from_kind, from_id, to_kind, to_id, protocol, ports, enabled, note)
                values ({one.rule.Id}, {hub}, {one.position}, {Party.Word(one.rule.From.Kind)}, {one.rule.From.Id}, {Party.Word(one.rule.To.Kind)},
                    {one.rule.To.Id}, {one.rule.Protocol}, {one.rule.PortsText}, {one.rule.Enabled}, {one.rule.Note})
                """);
        tx.ExecuteEach(
            [.. document.Tests.Select((test, position) => (test, position))],
            one =>
                $"""
                insert into policy_tests (hub_id, position, from_kind, from_id, to_kind, to_id, protocol, port, is_allowed)
                values ({hub}, {one.position}, {Party.Word(one.test.From.Kind)}, {one.test.From.Id}, {Party.Word(one.test.To.Kind)}, {one.test.To.Id},
                    {one.test.Protocol}, {one.test.Port}, {one.test.IsAllowed})
                """);
        tx.Execute(
            $"""
            insert into policies (hub_id, revision, masquerades, former, confirm_until)
            values ({hub}, {revision}, {document.Masquerades}, {former?.Json}, {former?.Until})
            on conflict (hub_id) do update set revision = excluded.revision, masquerades = excluded.masquerades, former = excluded.former,
                confirm_until = excluded.confirm_until
            """);
        tx.Execute(
            $"""
            delete from policy_uses where rule_id <> {PolicyState.Switch.Id}
                and not exists (select 1 from policy_rules where policy_rules.id = policy_uses.rule_id)
            """);
    }

    /// <summary>The document before the one that waits for a confirmation; null when none waits.</summary>
    public static string? Former(Tx tx, HubId hub) =>
        tx.First($"select former from policies where hub_id = {hub} and confirm_until is not null", row => row.Text("former"));

    /// <summary>The hubs whose confirmation did not come in time.</summary>
    public static IReadOnlyList<HubId> Unconfirmed(Tx tx) =>
        tx.Query($"select hub_id from policies where confirm_until <= {tx.Now}", row => new HubId(row.Text("hub_id")));

    public static void Confirm(Tx tx, HubId hub) => tx.Execute($"update policies set former = null, confirm_until = null where hub_id = {hub}");

    /// <summary>The group of a spoke; null for none.</summary>
    public string? GroupOf(string spokeId) => database.Read(tx =>
        tx.First($"select group_name from spokes where id = {spokeId} and group_name is not null", row => row.Text("group_name")));

    /// <summary>The groups that spokes are in, or are to be in, by name.</summary>
    public IReadOnlyList<string> Groups(HubId hub) => database.Read(tx => tx.Query(
        $"""
        select group_name from spokes where hub_id = {hub} and group_name is not null
        union select group_name from installation_tokens where hub_id = {hub} and group_name is not null
        union select name from spoke_groups where hub_id = {hub}
        order by group_name limit 500
        """,
        row => row.Text("group_name")));

    public IReadOnlyList<string> SpokeNames(HubId hub, int limit) => database.Read(tx => tx.Query(
        $"""
        select leases.name from spokes join leases on leases.spoke_id = spokes.id where spokes.hub_id = {hub} order by leases.name_key limit {limit}
        """,
        row => row.Text("name")));

    /// <summary>The party of that name.</summary>
    /// <returns>Null when there is none.</returns>
    public Party? Find(Tx tx, HubId hub, PartyKind kind, string name) => kind switch
    {
        PartyKind.Anybody => Party.Anybody,
        PartyKind.Internet => Party.Internet,
        PartyKind.Hub => Party.Hub,
        PartyKind.Group => tx.Exists(
            $"""
            select 1 from spokes where hub_id = {hub} and group_name = {name}
            union all select 1 from installation_tokens where hub_id = {hub} and group_name = {name}
            union all select 1 from spoke_groups where hub_id = {hub} and name = {name}
            """)
            ? new(kind, name, name)
            : null,
        PartyKind.Spoke => tx.First(
            $"""
            select spokes.id, leases.name from spokes join leases on leases.spoke_id = spokes.id
            where spokes.hub_id = {hub} and leases.name_key = {SpokeName.KeyOf(name)}
            """,
            row => new Party(kind, row.Text("id"), row.Text("name"))),
        _ => networks.All(tx, hub).Where(network => network.Name.Text.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(network => new Party(kind, network.Id, network.Name.Text)).FirstOrDefault(),
    };

    private static List<PolicyRule> Rules(Tx tx, HubId hub, Dictionary<string, string> networks) =>
    [
        .. tx.Query(
            $"select id, {Ends}, protocol, ports, enabled, note from policy_rules where hub_id = {hub} order by position",
            row => (From: End(row, "from", networks), To: End(row, "to", networks), Id: row.Text("id"), Protocol: row.Text("protocol"),
                Ports: PortRange.TryParse(row.Text("ports"), out var ports) ? ports : [], Enabled: row.Flag("enabled"), Note: row.Text("note")))
            .Where(row => row is { From: not null, To: not null })
            .Select(row => new PolicyRule
            {
                Id = row.Id, From = row.From!, To = row.To!, Protocol = row.Protocol, Ports = row.Ports, Enabled = row.Enabled, Note = row.Note,
            }),
    ];

    private static List<PolicyTest> Tests(Tx tx, HubId hub, Dictionary<string, string> networks) =>
    [
        .. tx.Query(
            $"select {Ends}, protocol, port, is_allowed from policy_tests where hub_id = {hub} order by position",
            row => (From: End(row, "from", networks), To: End(row, "to", networks), Protocol: row.Text("protocol"), Port: (int?)row.NumberOrNull("port"),
                IsAllowed: row.Flag("is_allowed")))
            .Where(row => row is { From: not null, To: not null })
            .Select(row => new PolicyTest(row.From!, row.To!, row.Protocol, row.Port, row.IsAllowed)),
    ];

    private static Party? End(Row row, string end, Dictionary<string, string> networks)
    {
        var (kind, id, name) = (Party.KindOf(row.Text($"{end}_kind")), row.Text($"{end}_id"), row.TextOrNull($"{end}_name"));
        return kind switch
        {
            PartyKind.Network => networks.TryGetValue(id, out var network) ? new(kind, id, network) : null,
            PartyKind.Spoke => name is null ? null : new(kind, id, name),
            _ => new(kind, id, name ?? ""),
        };
    }

    /// <summary>As the rules see them: one whose spoke is gone leads nowhere, and is nobody's LAN either.</summary>
    private static PolicyNetwork ToPolicy(Network network) =>
        new(network.Id, network.Name.Text, network.Cidr, network.IsBehindHub, network.Via?.SpokeId, network.IsBehindHub && network.Masquerade);
}
