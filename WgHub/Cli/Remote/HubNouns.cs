namespace WgHub.Cli.Remote;

/// <summary>The hub itself, and what it tells of what happens.</summary>
internal static class HubNouns
{
    private static readonly Field DryRun = new("dryRun", "Only tells what would be done.", FieldKind.Switch);

    private static readonly Field[] Settings =
    [
        new("networkCIDR", "The network that spokes get addresses of."), new("listenPort", "UDP port.", FieldKind.Number),
        new("publicEndpoint", "Where spokes reach the hub: host, or host:port."), new("privateEndpoint", "The same for spokes of the same place."),
        new("dns", "DNS servers.", FieldKind.List), new("networkCIDRv6", "The IPv6 network."), new("mtu", "Of the tunnel.", FieldKind.Number),
        new("spokeToSpoke", "Whether every spoke reaches every other.", FieldKind.Flag),
        new("presharedKeys", "Whether new spokes get a preshared key.", FieldKind.Flag),
    ];

    private static readonly Field[] Channel =
    [
        new("target", "Mail addresses, or a webhook's address."), new("kind", "mail or webhook."), new("events", "Names of events.", FieldKind.List),
        new("level", "All events from this level on.") { Nothing = "none" }, new("groups", "Only of spokes of these groups.", FieldKind.List),
        new("enabled", "Whether it is told.", FieldKind.Flag),
    ];

    public static readonly Noun Hub = new("hub", "The hub itself.")
    {
        Verbs =
        [
            new("show", "Shows the hub's settings.", HttpMethod.Get, "/api/hub/config") { Shows = true },
            new("init", "Sets the hub up: network, keys, interface.", HttpMethod.Post, "/api/hub/initialize") { Fields = Settings, Shows = true },
            new("set", "Changes the hub's settings.", HttpMethod.Put, "/api/hub/config")
            {
                Fields = Settings,
                Query = [DryRun],
                Shows = true,
            },
            new("status", "Shows the interface as it is now.", HttpMethod.Get, "/api/hub/status") { Shows = true },
            new("health", "Shows how the hub's own work goes.", HttpMethod.Get, "/api/health") { Shows = true },
            new("doctor", "Lets the hub look at all that can stop a tunnel.", HttpMethod.Get, "/api/doctor")
            {
                Rows = "findings",
                Columns = [new("LEVEL", "level"), new("CHECK", "check"), new("WHAT", "what")],
                More = [new("WAY", "way")],
            },
            new("ranges", "Lists the addresses that are kept for groups.", HttpMethod.Get, "/api/hub/ranges")
            {
                Rows = "ranges",
                Columns = [new("GROUP", "group"), new("FIRST", "first"), new("LAST", "last"), new("TOTAL", "total"), new("TAKEN", "taken")],
            },
            new("key", "Shows the hub's key, the next one, and who does not have it yet.", HttpMethod.Get, "/api/hub/key") { Shows = true },
            new("key-announce", "Begins to exchange the hub's key: makes the next one and tells spokes.", HttpMethod.Post, "/api/hub/key/announce")
            {
                Shows = true,
            },
            new("key-switch", "Puts the announced key in the place of the hub's.", HttpMethod.Post, "/api/hub/key/switch")
            {
                Fields = [new("leaveBehind", "How many spokes may lose their tunnel.", FieldKind.Number)],
                Shows = true,
                Asks = true,
            },
            new("key-end", "Ends the exchange: before the switch takes the announcement back.", HttpMethod.Post, "/api/hub/key/end")
            {
                Shows = true,
                Asks = true,
            },
        ],
    };

    public static readonly Noun Notification = new("notification", "Who is told of what happens.")
    {
        Verbs =
        [
            Nouns.List("/api/notifications", "channels", "Lists channels, by name.") with
            {
                Columns =
                [
                    new("NAME", "name"), new("KIND", "kind"), new("TARGET", "target"), new("LEVEL", "level"), new("ENABLED", "enabled"),
                    new("WAITING", "waiting"),
                    new("DEAD", "dead"),
                ],
                More = [new("EVENTS", "events"), new("GROUPS", "groups"), new("FAILING SINCE", "failingSince"), new("ID", "id")],
            },
            Nouns.Show("/api/notifications/{id}", "Shows channels."),
            Nouns.Add("/api/notifications", "Makes a channel; what signs its webhooks is shown this once.") with
            {
                Fields = [new("name", "Its name.") { IsArgument = true }, .. Channel],
            },
            Nouns.Change("set", "/api/notifications/{id}", "Changes channels.") with { Fields = [new("name", "Another name."), .. Channel] },
            new("test", "Tells a channel something now.", HttpMethod.Post, "/api/notifications/{id}/test") { Shows = true },
            new("secret", "Makes another secret; the one before signs too for a day.", HttpMethod.Post, "/api/notifications/{id}/secret") { Shows = true },
            new("deliveries", "Lists a channel's last messages.", HttpMethod.Get, "/api/notifications/{id}/deliveries")
            {
                Fields = [new("state", "waiting, delivered or dead.")],
                Rows = "deliveries",
                Columns = [new("ID", "id"), new("STATE", "state"), new("EVENT", "event"), new("TRIES", "tries"), new("SAID", "said")],
            },
            new("replay", "Sends dead letters again.", HttpMethod.Post, "/api/notifications/{id}/replay")
            {
                Fields = [new("deliveryId", "This one alone.")],
                Shows = true,
            },
            Nouns.Remove("/api/notifications/{id}", "Removes channels."),
        ],
    };

    public static readonly Noun Event = new("event", "What happens.")
    {
        Verbs =
        [
            Nouns.List("/api/events", "events", "Lists what happened, the oldest first.") with
            {
                Fields = [new("after", "From behind this place on, as an answer's 'next' has it."),
                    new("limit", "At most so many of each kind.", FieldKind.Number)],
                Columns = [new("AT", "at"), new("LEVEL", "level"), new("EVENT", "event"), new("SENTENCE", "sentence")],
                More = [new("ACTOR", "actor"), new("GROUP", "group"), new("ID", "id")],
            },
        ],
    };

    public static readonly Noun Log = new("log", "What the hub's log tells.")
    {
        Verbs =
        [
            new("level", "Shows what it tells at least.", HttpMethod.Get, "/api/logs/level") { Shows = true },
            new("set-level", "Has it tell more or less, for a while.", HttpMethod.Put, "/api/logs/level")
            {
                Fields =
                [
                    new("level", "debug, information, warning or error; 'none' for what the settings say.") { Nothing = "none" },
                    new("category", "A part of the hub, such as WgHub.Features.Spokes."), new("minutes", "For how long.", FieldKind.Number),
                ],
                Shows = true,
            },
        ],
    };

    public static readonly Noun Retention = new("retention", "How long what is kept.")
    {
        Verbs =
        [
            Nouns.List("/api/retention", "items", "Lists the rules, and what would go by them now.") with
            {
                Columns = [new("RULE", "rule"), new("DAYS", "days"), new("ACTION", "action"), new("COUNT", "count")],
                More = [new("NAMES", "names")],
            },
            new("run", "Takes away now what is too old.", HttpMethod.Post, "/api/retention/run") { Query = [DryRun], Shows = true, Asks = true },
        ],
    };

    public static readonly Noun Person = new("person", "What the hub has of one person, by the name of their account or as an owner.")
    {
        Verbs =
        [
            new("export", "Prints all of it.", HttpMethod.Get, "/api/persons/{who}/export") { Shows = true },
            new("erase", "Takes it out; the audit log keeps its entries under a pseudonym.", HttpMethod.Post, "/api/persons/{who}/erase")
            {
                Query = [DryRun],
                Shows = true,
                Asks = true,
            },
        ],
    };

    /// <summary>Below <c>backup</c>.</summary>
    public static readonly Noun Backup = new("backup", "Backups that the hub keeps.")
    {
        Verbs =
        [
            Nouns.List("/api/backups", "backups", "Lists the backups that the hub keeps, the newest first.") with
            {
                Columns = [new("ID", "id"), new("MADE", "madeAt"), new("SIZE", "size")],
            },
            new("make", "Lets the hub make a backup where it keeps them.", HttpMethod.Post, "/api/backups") { Shows = true },
        ],
    };

    /// <summary>Below <c>audit</c>.</summary>
    public static readonly Noun Audit = new("audit", "Changes.")
    {
        Verbs =
        [
            Nouns.List("/api/audit", "entries", "Lists changes, the newest first.") with
            {
                IsPaged = true,
                Fields =
                [
                    new("since", "From this time on."), new("until", "To this time."), new("actor", "Who, such as user:anna."), new("event", "What happened."),
                    new("subject", "Id or name of what it was about."), new("q", "Part of anything."),
                ],
                Columns = [new("AT", "at"), new("ACTOR", "actor"), new("EVENT", "event"), new("SUBJECT", "subject"), new("DETAIL", "detail")],
            },
        ],
    };
}
