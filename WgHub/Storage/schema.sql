-- The full picture: what the migrations make, in one place to read. Nothing runs it but the test that holds the two together.
-- Times are Unix milliseconds (UTC). Ids are UUIDv7 text. Every row of a hub carries its hub_id; what is of the whole installation, its installation_id.
-- The dialect is the part that SQLite and PostgreSQL share.

create table meta (
    name text primary key,
    value text not null
);

create table audit (
    id text primary key,
    installation_id text not null,
    at bigint not null,
    actor text not null,            -- user:NAME, api:NAME, spoke:NAME, cli, system
    address text,                   -- where the request came from; null for the hub itself
    event text not null,            -- noun.verb, such as token.created
    subject text,                   -- id of the row that changed
    detail text not null,           -- JSON object; never a secret
    sequence bigint,                -- 1, 2, 3 …
    hash text,                      -- SHA-256, hex, over the entry and the hash of the one before it; null for entries from before the chain
    salt text,                      -- under the hash too; null for entries from before it, and gone with a person who was taken out
    redacted_by bigint              -- place of the entry that tells of that, and answers for this one
);
create index audit_by_time on audit (installation_id, id);
create unique index audit_by_sequence on audit (installation_id, sequence);
create index audit_by_event on audit (installation_id, event, id);
create index audit_by_subject on audit (installation_id, subject, sequence);
create index audit_redacted on audit (installation_id, redacted_by) where redacted_by is not null;

create table audit_names (          -- every name that a subject had; made from the entries, and outside of their chain
    installation_id text not null,
    subject text not null,          -- as in audit
    name text not null,
    name_key text not null,         -- upper case
    sequence bigint not null,       -- the last place in the chain where it was called so; 0 for one that only another table told
    primary key (installation_id, subject, name)
);
create index audit_names_by_name on audit_names (installation_id, name_key);

create table audit_naming (         -- up to which entry the names are still to be read out of entries from before audit_names
    installation_id text primary key,
    sequence bigint not null
);

create table users (
    id text primary key,
    name text not null,
    name_key text not null,         -- upper case: names of local accounts differ by more than case
    issuer text,                    -- of the identity provider; null for a local account
    subject text,                   -- who it is there: the account is the pair, never an e-mail address
    password_hash text,             -- null for an account of an identity provider
    role text not null check (role in ('none', 'viewer', 'operator', 'admin')),
    enabled boolean not null,
    created_at bigint not null,
    last_sign_in_at bigint,
    sealed_totp_seed text,          -- under the master key
    totp_since bigint,              -- when a first code proved the seed; null while it is being set up
    totp_last_step bigint not null, -- a code works once
    failed_sign_ins bigint not null, -- since the last that succeeded
    check ((issuer is null) = (subject is null)),
    check (issuer is null or password_hash is null)
);
create unique index users_by_name on users (name_key) where issuer is null;
create unique index users_by_subject on users (issuer, subject) where issuer is not null;

create table recovery_codes (
    user_id text not null references users (id) on delete cascade,
    code_hash text not null,        -- SHA-256, hex
    used_at bigint,
    primary key (user_id, code_hash)
);

create table passkeys (
    credential_id text primary key, -- base64url, as the authenticator made it
    user_id text not null references users (id) on delete cascade,
    name text not null,
    credential text not null,       -- JSON: public key, counter, flags; nothing secret
    created_at bigint not null,
    last_used_at bigint
);
create index passkeys_by_user on passkeys (user_id);

create table sessions (
    id text primary key,            -- names the session in lists; opens nothing
    key_hash text not null,         -- SHA-256, hex
    user_id text not null references users (id) on delete cascade,
    way text not null check (way in ('password', 'totp', 'recovery', 'passkey', 'oidc')),
    address text,
    user_agent text not null,       -- may be empty
    created_at bigint not null,
    confirmed_at bigint not null,   -- when its owner last proved who they are
    expires_at bigint not null,
    issuer text,                    -- the rest is for sessions of an identity provider
    provider_session text,          -- its sid: ends the session from there
    sealed_id_token text            -- under the master key; a hint for signing out there
);
create unique index sessions_by_key on sessions (key_hash);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);
create index sessions_by_provider on sessions (issuer, provider_session) where provider_session is not null;

create table sign_in_settings (
    installation_id text primary key,
    local_sign_in boolean not null,
    oidc_enabled boolean not null,
    issuer text not null,
    client_id text not null,
    sealed_client_secret text,      -- under the master key; null for a public client
    token_auth text not null check (token_auth in ('auto', 'basic', 'post', 'none')),
    scopes text not null,           -- separated by spaces
    role_claim text not null,
    admin_values text not null,     -- values of the claim, one a line; matched exactly
    operator_values text not null,
    viewer_values text not null,
    tested_fingerprint text,        -- of the settings that a test sign-in last succeeded with
    tested_at bigint,
    updated_at bigint not null
);

create table api_tokens (
    id text primary key,
    name text not null,
    token_hash text not null,       -- SHA-256, hex
    role text not null check (role in ('viewer', 'operator', 'admin')),
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    hint text not null default '',  -- its last four characters
    last_used_at bigint,            -- to the minute
    created_by text not null default '',
    user_id text                    -- whose account made it; null for a command
);
create unique index api_tokens_by_hash on api_tokens (token_hash);
create index api_tokens_by_user on api_tokens (user_id);

create table setup_codes (
    code_hash text primary key,     -- SHA-256, hex
    expires_at bigint not null,
    resets boolean not null default false -- opens the set-up though there are administrators
);

create table data_protection_keys (
    name text primary key,
    sealed_xml text not null        -- under the master key
);

create table hubs (
    id text primary key,
    interface_name text not null,
    listen_port bigint not null,
    public_key text not null,
    sealed_private_key text not null, -- under the master key
    network text not null,          -- IPv4 CIDR
    network6 text,                  -- IPv6 CIDR
    address text not null,          -- the hub's own, in the network
    public_endpoint text not null,
    private_endpoint text,
    dns text not null,              -- comma-separated addresses; may be empty
    mtu bigint not null,
    spoke_to_spoke boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    preshared_keys boolean not null default true, -- spokes that register get one
    address6 text                   -- its own in network6, where it does not follow from the IPv4 one
);

create table address_pools (
    hub_id text primary key,
    network text not null,          -- IPv4 CIDR
    next_slot bigint not null,      -- every host address below it is taken, or kept for a group
    network6 text                   -- IPv6 CIDR; null for none
);

create table address_ranges (       -- addresses that are kept for the spokes of a group
    hub_id text not null,
    first_slot bigint not null,     -- IPv4 addresses as numbers, as in leases
    last_slot bigint not null,
    group_name text not null,
    next_slot bigint not null,      -- every address of the range below it is taken
    primary key (hub_id, first_slot)
);

create table leases (
    spoke_id text primary key,
    hub_id text not null,
    name text not null,
    name_key text not null,         -- upper case; # and the id for a hub's own address, which has no name
    slot bigint not null,           -- the IPv4 address as a number
    address text not null,          -- the same in dotted form, for searching
    held_until bigint,              -- when the token that holds it runs out; null once a spoke has it
    address6 text,                  -- the IPv6 address, where it does not follow from the IPv4 one
    slot6 bigint,                   -- the IPv4 address that address6 would follow from: nobody else gets that; null for none
    moved_at bigint                 -- when its addresses were changed; null once the spoke's machine was told
);
create unique index leases_by_name on leases (name_key);
create unique index leases_by_slot on leases (slot);
create unique index leases_by_address6 on leases (address6) where address6 is not null;
create index leases_by_slot6 on leases (slot6) where slot6 is not null;
create index leases_held on leases (hub_id, held_until) where held_until is not null;

create table cluster_tokens (       -- one line for many nodes; each node gets an installation token split off from it
    id text primary key,
    hub_id text not null,
    token_hash text not null,       -- SHA-256, hex
    site text not null,             -- tells clusters of one name apart; may be empty
    datacenter text not null,       -- of the cluster to be; may be empty
    maximum_nodes bigint not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    user_id text,                   -- whose rights it was made with; null for a command
    routes text                     -- of the spokes to be, as in spokes
);
create unique index cluster_tokens_by_hash on cluster_tokens (token_hash);
create index cluster_tokens_by_user on cluster_tokens (user_id) where revoked_at is null;

create table installation_tokens (
    id text primary key,
    hub_id text not null,
    token_hash text not null,       -- SHA-256, hex
    spoke_id text not null,
    spoke_name text not null,       -- as it was when the token was made
    address text not null,
    platform text,
    group_name text,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    used_key text,                  -- the first public key that came: the token is bound to it
    revoked_at bigint,
    cluster_token_id text references cluster_tokens (id), -- the token of many nodes that this one was split off from
    node text,                      -- the node it is bound to
    kind text not null default 'install' check (kind in ('install', 'reenrol')), -- reenrol: gives a spoke that exists a new key
    owner text not null default '',
    tags text not null default '',  -- of the spoke to be, as in spokes
    spoke_expires_at bigint,        -- when the spoke's own time ends
    user_id text,                   -- whose rights it was made with; null for a command, and for one that was split off
    routes text,                    -- of the spoke to be, as in spokes
    address6 text                   -- as in leases
);
create unique index installation_tokens_by_node on installation_tokens (cluster_token_id, node) where cluster_token_id is not null;
create unique index installation_tokens_by_hash on installation_tokens (token_hash);
create index installation_tokens_by_time on installation_tokens (hub_id, created_at);
create index installation_tokens_by_user on installation_tokens (user_id) where used_at is null and revoked_at is null;
create index installation_tokens_open on installation_tokens (hub_id, expires_at) where used_at is null and revoked_at is null;

create table clusters (
    id text primary key,
    hub_id text not null,
    name text not null,             -- as Proxmox VE has it: not unique
    site text not null,             -- from the token; may be empty
    datacenter text not null,       -- may be empty
    description text not null,      -- may be empty
    created_at bigint not null
);
create index clusters_by_name on clusters (hub_id, name);

create table cluster_nodes (        -- all members, as the last node that registered told; some have no spoke yet
    cluster_id text not null references clusters (id) on delete cascade,
    name text not null,
    number bigint not null,         -- corosync's
    address text,                   -- in the cluster's own network
    online boolean not null,        -- to the node that told
    told_at bigint not null,
    primary key (cluster_id, name)
);

create table spokes (
    id text primary key references leases (spoke_id),
    hub_id text not null,
    token_id text not null,
    os text not null,
    enabled boolean not null,
    expires_at bigint,
    group_name text,
    notes text not null,
    metadata text not null,         -- JSON object of strings, as the spoke told it
    registered_at bigint not null,
    owner text not null default '',
    tags text not null default '',  -- lower case, sorted, with a comma before, between and after: ,berlin,laptop,
    expiry_told_at bigint,          -- when its coming end was told
    clock_offset_seconds bigint,    -- by how much its clock was ahead of the hub's when it registered; null when it did not tell
    routes text,                    -- what it routes to the hub: hub, network, all, or CIDRs by comma; null for what its group says
    held_routes text,               -- CIDRs by comma: what its machine was told last, or said that it has; null when that is not known
    host_name text not null default '' -- what its machine calls itself, lower case; empty when it did not tell
);
create index spokes_by_time on spokes (hub_id, registered_at);

create table spoke_groups (         -- what is decided for the spokes of a group; a group may be a name in spokes and tokens alone
    hub_id text not null,
    name text not null,
    routes text,                    -- of spokes without a choice of their own, as there; null for the network
    created_at bigint not null,
    primary key (hub_id, name)
);

create table node_facts (           -- a spoke that is a Proxmox VE node, as it told it
    spoke_id text primary key references spokes (id) on delete cascade,
    node text,                      -- its name there
    version text,
    cluster_name text,
    cluster_id text references clusters (id),
    bridges text not null default '' -- and its addresses on them, such as vmbr1=10.10.0.1/24, by space
);
create index node_facts_by_cluster on node_facts (cluster_id) where cluster_id is not null;

create table networks (             -- what is reached through the hub besides spokes
    id text primary key,
    hub_id text not null,
    name text not null,
    name_key text not null,         -- lower case
    cidr text not null,             -- IPv4 or IPv6
    behind text not null check (behind in ('hub', 'spoke')),
    via_spoke_id text references spokes (id) on delete set null,     -- null behind the hub, and when that spoke is gone
    standby_spoke_id text references spokes (id) on delete set null, -- takes its place; null for none
    active_spoke_id text references spokes (id) on delete set null,  -- which of the two carries it now
    active_since bigint not null,
    held boolean not null,          -- a person put it there: it does not go back by itself
    masquerade boolean not null,    -- hosts in it see the gateway's own address
    created_at bigint not null,
    check (behind = 'spoke' or (via_spoke_id is null and standby_spoke_id is null and active_spoke_id is null))
);
create unique index networks_by_name on networks (hub_id, name_key);
create unique index networks_by_cidr on networks (hub_id, cidr);
create index networks_by_via on networks (via_spoke_id) where via_spoke_id is not null;
create index networks_by_standby on networks (standby_spoke_id) where standby_spoke_id is not null;
create index networks_by_active on networks (active_spoke_id) where active_spoke_id is not null;

create table barred_networks (      -- never reached through the hub, whatever a rule says
    hub_id text not null,
    cidr text not null,             -- IPv4 or IPv6
    note text not null,             -- may be empty
    primary key (hub_id, cidr)
);

create table peers (
    hub_id text not null,
    public_key text not null,
    spoke_id text not null references spokes (id),
    generation text,                -- which life of the interface the counters below belong to
    counter_received bigint not null, -- the interface's own counter, bytes
    counter_sent bigint not null,
    received_bytes bigint not null, -- total over all lives of the interface
    sent_bytes bigint not null,
    last_handshake_at bigint,
    endpoint text,                  -- where the spoke was last seen
    sealed_preshared_key text,      -- under the master key
    handshakes_from bigint,         -- earlier ones are of another life of the peer, whose tunnel is gone; null when all count
    primary key (hub_id, public_key)
);
create unique index peers_by_spoke on peers (spoke_id, hub_id);

create table spoke_rotations (      -- the other key of a spoke that changes its key
    spoke_id text primary key,      -- not a reference: the row outlives its spoke until the key is off the interface
    hub_id text not null,
    public_key text not null,
    sealed_preshared_key text,      -- under the master key
    started_at bigint not null,
    ends_at bigint                  -- when the hub stops waiting for it; null for the key before, kept until the spoke has settled
);
create unique index spoke_rotations_by_key on spoke_rotations (hub_id, public_key);

create table hub_rotations (        -- the hub's next key
    hub_id text primary key,
    public_key text not null,
    sealed_private_key text not null, -- under the master key
    announced_at bigint not null,
    switched_at bigint              -- when the interface took it
);

create table hub_rotation_spokes (  -- who knows the hub's next key
    spoke_id text primary key references spokes (id) on delete cascade,
    hub_id text not null,
    public_key text not null,       -- the one it was told
    told_at bigint not null
);

create table certificates (
    name text primary key,          -- self-signed, acme, acme-account
    chain text not null,            -- PEM, leaf first; for the account nothing
    sealed_key text not null,       -- PEM, under the master key
    created_at bigint not null
);

create table acme_orders (          -- the last one: an authority's limits outlive a restart
    directory text not null,        -- the authority's address
    names text not null,            -- by comma
    failures integer not null,      -- in a row; 0: it gave the certificate
    tried_at bigint not null,
    next_at bigint not null,        -- after a failure
    problem text,
    said text                       -- the authority's own words
);

create table policies (             -- of a hub; one without a row has no rules but its switch
    hub_id text primary key,
    revision bigint not null,       -- one more after each change
    masquerades text not null check (masquerades in ('both', 'ipv4', 'ipv6', 'none')), -- whose senders the internet sees as the hub
    former text,                    -- JSON: what comes back unless somebody confirms
    confirm_until bigint            -- null when nothing waits
);

create table policy_rules (         -- each allows something; what none allows is refused
    id text primary key,
    hub_id text not null,
    position bigint not null,       -- for people
    from_kind text not null check (from_kind in ('anybody', 'group', 'spoke', 'network')),
    from_id text not null,          -- a group's name, a spoke's or network's id; empty for anybody
    to_kind text not null check (to_kind in ('anybody', 'group', 'spoke', 'network', 'internet', 'hub')),
    to_id text not null,
    protocol text not null check (protocol in ('any', 'tcp', 'udp', 'icmp')),
    ports text not null,            -- 22,8006,9000-9100; empty for all
    enabled boolean not null,
    note text not null
);
create index policy_rules_by_place on policy_rules (hub_id, position);

create table policy_tests (         -- what must hold after each change of the rules
    hub_id text not null,
    position bigint not null,
    from_kind text not null,
    from_id text not null,
    to_kind text not null,
    to_id text not null,
    protocol text not null,
    port bigint,                    -- null for all
    is_allowed boolean not null,
    primary key (hub_id, position)
);

create table policy_uses (          -- what a rule has let through
    rule_id text primary key,
    hub_id text not null,
    counter_packets bigint not null, -- the kernel's own counter
    counter_bytes bigint not null,
    packets bigint not null,        -- total over all lives of the table
    bytes bigint not null,
    last_used_at bigint
);

create table notification_channels ( -- who is told of what happens
    id text primary key,
    name text not null,
    name_key text not null,         -- upper case
    kind text not null check (kind in ('mail', 'webhook')),
    target text not null,           -- mail addresses by comma, or an address for webhooks
    sealed_secret text,             -- what signs webhooks, under the master key
    sealed_former_secret text,      -- the one before it: it signs too for a while
    former_until bigint,
    events text not null,           -- names by comma, such as spoke.removed,backup.*
    least_level text check (least_level in ('info', 'warning', 'critical')), -- all events from it on; null for the named ones alone
    group_names text not null,      -- of whose spokes, by comma; empty for all
    quiet text not null,            -- such as 22:00-07:00 Europe/Berlin; empty for never
    enabled boolean not null,
    stopped text,                   -- why the hub itself switched it off
    failing_since bigint,           -- since when it cannot be reached; null when the last try came through
    audit_sequence bigint not null, -- up to here it was told of the audit log
    happening_sequence bigint not null, -- and of happenings
    created_at bigint not null
);
create unique index notification_channels_by_name on notification_channels (name_key);

create table notification_deliveries ( -- a message of a channel
    id text primary key,            -- the receiver sees it: the same at each try
    channel_id text not null references notification_channels (id) on delete cascade,
    position bigint not null,       -- order in the channel
    state text not null check (state in ('gathering', 'waiting', 'delivered', 'dead')), -- gathering: a digest that more may join
    is_urgent boolean not null,     -- quiet hours do not hold it
    event text not null,
    subject text,                   -- messages about one thing keep their order
    body text not null,             -- JSON, as it is sent; while gathering the draft of a digest
    created_at bigint not null,
    changed_at bigint not null,     -- when the last event joined
    tries bigint not null,
    next_at bigint not null,
    tried_at bigint,
    said text                       -- what came of the last try
);
create unique index notification_deliveries_gathering on notification_deliveries (channel_id, is_urgent) where state = 'gathering';
create index notification_deliveries_by_place on notification_deliveries (channel_id, state, position);

create table happenings (           -- events that are no changes, and so no entries of the audit log; kept for a week
    sequence bigint primary key,    -- 1, 2, 3 …
    id text not null,
    at bigint not null,
    event text not null,
    subject text,
    subject_name text,
    group_name text,
    detail text not null            -- JSON object; never a secret
);

create table alarms (               -- conditions that have begun and not ended
    name text primary key,
    began_at bigint not null
);

create table spoke_presence (       -- as it was told last, whether somebody listened or not
    spoke_id text primary key references spokes (id) on delete cascade,
    connected boolean not null,
    since bigint not null,
    changes bigint not null         -- one soon after the other
);

create table presence_looks (       -- there once somebody has looked; the time is that of the last change
    hub_id text primary key,
    looked_at bigint not null
);

create table spoke_history (        -- what went through a tunnel; not a reference: see 0016_history.sql
    step bigint not null,           -- seconds of a point: 60, 3600
    starts_at bigint not null,      -- of a block of points: an hour of minutes, a day of hours
    spoke_id text not null,
    points text not null,           -- base64 of packed points, see Features/History/PackedPoints
    primary key (step, starts_at, spoke_id)
);

create table history_totals (       -- up to where the history has told a spoke's counters
    spoke_id text primary key,
    at bigint not null,
    received_bytes bigint not null,
    sent_bytes bigint not null
);
