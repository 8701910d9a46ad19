namespace WgHub.Cli.Remote;

/// <summary>All that the command line does through the API: a call is one line here, and a test compares them with the API's own description.</summary>
internal static class Nouns
{
    private static readonly Field Group = new("group", "Group.");
    private static readonly Field Owner = new("owner", "Whose it is.");
    private static readonly Field Tags = new("tags", "Tags; '' for none.", FieldKind.List);
    private static readonly Field Routes = new("routes", "What it routes: hub, network, all or networks; 'group' for as its group says.",
        FieldKind.Routes)
    { Nothing = "group" };
    private static readonly Field ExpiresInHours = new("expiresInHours", "How long it may be used.", FieldKind.Number);
    private static readonly Field CustomIP = new("customIP", "Its address, rather than the next free one.");
    private static readonly Field AddressV6 = new("addressV6", "Its IPv6 address, rather than the one that follows from the other.");

    public static readonly Noun Spoke = new("spoke", "Machines that are connected through the hub.")
    {
        Search = "q",
        Verbs =
        [
            List("/api/spoke/list", "spokes", "Lists spokes, by name.") with
            {
                IsPaged = true,
                Fields =
                [
                    new("status", "pending, active, inactive, disabled or expired."), new("os", "linux, macos, windows, …"),
                    new("cluster", "Proxmox cluster."),
                    Group, new("tag", "Tag."), Owner, new("q", "Part of a name, address, owner, group, tag or host name."),
                    new("expiresWithinDays", "Whose end is that near.", FieldKind.Number),
                    new("routesBehind", "Whose machine has older routes.", FieldKind.Flag),
                ],
                Columns =
                [
                    new("NAME", "name"), new("ADDRESSES", "allowedIPs"), new("STATUS", "status"), new("OS", "os"), new("GROUP", "group"),
                    new("LAST HANDSHAKE", "lastHandshake"), new("ENDPOINT", "endpoint"),
                ],
                More =
                [
                    new("RECEIVED", "transferRx"), new("SENT", "transferTx"), new("ADDRESS V6", "addressV6"), new("OWNER", "owner"), new("TAGS", "tags"),
                    new("EXPIRES", "expiresAt"), new("PUBLIC KEY", "publicKey"), new("ID", "id"),
                ],
            },
            Show("/api/spoke/{id}", "Shows spokes."),
            Change("set", "/api/spoke/{id}", "Changes spokes.") with
            {
                Fields =
                [
                    new("name", "Another name."), Group, Owner, Tags, new("notes", "Notes."), Routes, CustomIP, AddressV6,
                    new("expiresAt", "When its time ends, such as 2027-01-31T18:00:00Z; or never.") { Nothing = "never" },
                    new("enabled", "Whether it may connect.", FieldKind.Flag),
                ],
            },
            Change("enable", "/api/spoke/{id}", "Lets spokes connect again.") with { Body = () => new() { ["enabled"] = true } },
            Change("disable", "/api/spoke/{id}", "Takes spokes off the interface; they keep name and address.") with
            { Body = () => new() { ["enabled"] = false } },
            new("diagnose", "Finds out why a spoke is not connected.", HttpMethod.Get, "/api/spoke/{id}/diagnosis") { Shows = true },
            new("history", "Lists what went through a spoke's tunnel, in steps.", HttpMethod.Get, "/api/spoke/{id}/history")
            {
                Fields = [new("from", "From this time on."), new("to", "To this time.")],
                Rows = "points",
                Columns = [new("AT", "at"), new("RECEIVED", "rx"), new("SENT", "tx"), new("CONNECTED", "connected")],
            },
            new("reenrol", "Makes a token with which another machine, or the same one anew, takes a spoke over.",
                HttpMethod.Post, "/api/spoke/{id}/reenrol-token")
            {
                Fields = [ExpiresInHours],
                Shows = true,
            },
            Remove("/api/spoke/{id}", "Removes spokes; their addresses are free again."),
        ],
    };

    public static readonly Noun Token = new("token", "One-time tokens: each lets one machine in.")
    {
        NameMember = "spokeName",
        Verbs =
        [
            List("/api/installation/tokens", "tokens", "Lists tokens, without their secrets, the newest first.") with
            {
                IsPaged = true,
                Columns =
                [
                    new("SPOKE", "spokeName"), new("STATE", "state"), new("ADDRESSES", "allowedIPs"), new("CREATED", "createdAt"), new("EXPIRES", "expiresAt"),
                ],
                More = [new("PLATFORM", "platform"), new("GROUP", "group"), new("ID", "id")],
            },
            Add("/api/installation/token", "Makes a token; its secret and the lines to paste are shown this once.") with
            {
                Fields =
                [
                    new("spokeName", "What the machine is to be called.") { IsArgument = true },
                    new("platform", "linux, macos, windows, proxmox, …; any without it."), ExpiresInHours, Group, Owner, Tags, Routes, CustomIP, AddressV6,
                    new("spokeExpiresAt", "When the machine's own time ends."),
                ],
            },
            Remove("/api/installation/token/{id}", "Revokes tokens, by id or by the spoke's name."),
        ],
    };

    private static readonly Noun Cluster = new("cluster", "Proxmox VE clusters.")
    {
        NameMember = "clusterName",
        Search = "q",
        Verbs =
        [
            List("/api/proxmox/clusters", "clusters", "Lists clusters, by name.") with
            {
                IsPaged = true,
                Fields = [new("q", "Part of a name.")],
                Columns = [new("NAME", "clusterName"), new("SITE", "site"), new("DATACENTER", "datacenter"),
                    new("NODES", "nodeCount"), new("ACTIVE", "activeCount")],
                More = [new("DESCRIPTION", "description"), new("ID", "id")],
            },
            Show("/api/proxmox/clusters/{id}", "Shows clusters with their nodes."),
            Change("set", "/api/proxmox/clusters/{id}", "Changes clusters.") with
            { Fields = [new("datacenter", "Where it is."), new("description", "What it is for.")] },
        ],
    };

    private static readonly Noun ClusterToken = new("cluster-token", "Tokens that let in every node of a Proxmox VE cluster.")
    {
        NameMember = "site",
        Verbs =
        [
            List("/api/proxmox/cluster-tokens", "tokens", "Lists cluster tokens, the newest first.") with
            {
                IsPaged = true,
                Columns = [new("ID", "id"), new("SITE", "site"), new("STATE", "state"), new("NODES", "nodes"), new("EXPIRES", "expiresAt")],
            },
            Add("/api/proxmox/cluster-token", "Makes a cluster token; its secret and the line to paste are shown this once.") with
            {
                Fields =
                [
                    new("site", "Tells clusters of one name apart."), new("datacenter", "Where it is."),
                    new("maximumNodes", "How many nodes it lets in.", FieldKind.Number), ExpiresInHours, Routes,
                ],
            },
            Remove("/api/proxmox/cluster-token/{id}", "Revokes cluster tokens; the nodes that came stay."),
        ],
    };

    public static readonly Noun GroupNoun = new("group", "Groups of spokes.")
    {
        IdMember = "name",
        Verbs =
        [
            List("/api/groups", "groups", "Lists groups, by name.") with
            {
                Columns = [new("NAME", "name"), new("ROUTES", "routes"), new("SPOKES", "spokeCount"), new("TOKENS", "tokenCount")],
            },
            new("set", "Decides what the spokes of a group route that have no choice of their own.", HttpMethod.Put, "/api/groups/{name}")
            {
                Fields = [new("routes", "hub, network, all or networks; 'network' is what holds without a choice.", FieldKind.Routes)],
            },
            Remove("/api/groups/{name}", "Decides nothing for a group any more; its spokes stay in it."),
        ],
    };

    private static readonly Field Via = new("via", "hub, or the spoke that carries it.", FieldKind.Spoke);
    private static readonly Field Standby = new("standby", "The spoke that stands by; none for nobody.", FieldKind.Spoke) { Nothing = "none" };
    private static readonly Field Masquerade = new("masquerade", "Whether machines there see the carrier's address.", FieldKind.Flag);

    public static readonly Noun Network = new("network", "Networks behind the hub and behind spokes.")
    {
        Verbs =
        [
            List("/api/networks", "networks", "Lists networks, by name.") with
            {
                Columns = [new("NAME", "name"), new("CIDR", "cidr"), new("VIA", "via"), new("STANDBY", "standby"), new("ACTIVE", "active")],
                More = [new("MASQUERADE", "masquerade"), new("HELD", "held"), new("ID", "id")],
            },
            Add("/api/networks", "Makes a network.") with
            {
                Fields = [new("name", "Its name.") { IsArgument = true }, new("cidr", "Such as 10.20.0.0/16."), Via, Standby, Masquerade],
            },
            Change("set", "/api/networks/{id}", "Changes networks.") with
            { Fields = [new("name", "Another name."), new("cidr", "Another network."), Via, Standby, Masquerade] },
            new("move", "Lets the other of its two spokes carry a network.", HttpMethod.Post, "/api/networks/{id}/move")
            {
                Fields = [new("to", "The spoke that is to carry it.", FieldKind.Spoke)],
            },
            new("barred", "Lists what nobody reaches through the hub.", HttpMethod.Get, "/api/networks/barred")
            { Rows = "networks", Columns = [new("CIDR", "cidr"), new("NOTE", "note")] },
            Remove("/api/networks/{id}", "Removes networks."),
        ],
    };

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Noun> All { get; } =
    [
        Spoke, Token, Cluster, ClusterToken, GroupNoun, Network, HubNouns.Hub, HubNouns.Notification, HubNouns.Event, HubNouns.Log, HubNouns.Retention,
        HubNouns.Person,
    ];

    /// <summary>Everything, also what stands below a command of another kind.</summary>
    public static IEnumerable<Noun> Everywhere => [.. All, RuleCommand.Rule, HubNouns.Backup, HubNouns.Audit];

    public static Verb List(string path, string rows, string what) => new("list", what, HttpMethod.Get, path) { Rows = rows };

    public static Verb Show(string path, string what) => new("show", what, HttpMethod.Get, path) { Shows = true };

    public static Verb Add(string path, string what) => new("add", what, HttpMethod.Post, path) { Shows = true };

    public static Verb Change(string name, string path, string what) => new(name, what, HttpMethod.Patch, path);

    public static Verb Remove(string path, string what) => new("remove", what, HttpMethod.Delete, path) { Asks = true };
}
