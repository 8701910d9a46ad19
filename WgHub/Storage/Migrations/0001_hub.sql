-- Times are Unix milliseconds (UTC). Ids are UUIDv7 text. Every row of a hub carries its hub_id: later there are many hubs.
-- The dialect is the part that SQLite and PostgreSQL share.

create table meta (
    name text primary key,
    value text not null
);

create table audit (
    id text primary key,
    hub_id text not null,
    at bigint not null,
    actor text not null,            -- user:NAME, api:NAME, spoke:NAME, cli, system
    address text,                   -- where the request came from; null for the hub itself
    event text not null,            -- noun.verb, such as token.created
    subject text,                   -- id of the row that changed
    detail text not null            -- JSON object; never a secret
);
create index audit_by_time on audit (hub_id, id);

create table users (
    id text primary key,
    name text not null,
    name_key text not null,         -- upper case: names differ by more than case
    password_hash text not null,
    role text not null check (role in ('viewer', 'operator', 'admin')),
    enabled boolean not null,
    created_at bigint not null
);
create unique index users_by_name on users (name_key);

create table sessions (
    key_hash text primary key,      -- SHA-256, hex
    user_id text not null references users (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null
);
create index sessions_by_expiry on sessions (expires_at);

create table api_tokens (
    id text primary key,
    name text not null,
    token_hash text not null,       -- SHA-256, hex
    role text not null check (role in ('viewer', 'operator', 'admin')),
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);
create unique index api_tokens_by_hash on api_tokens (token_hash);

create table setup_codes (
    code_hash text primary key,     -- SHA-256, hex
    expires_at bigint not null
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
    updated_at bigint not null
);

create table address_pools (
    hub_id text primary key,
    network text not null,          -- IPv4 CIDR
    next_slot bigint not null       -- every host address below it is taken
);

create table leases (
    spoke_id text primary key,
    hub_id text not null,
    name text not null,
    name_key text not null,
    slot bigint not null,           -- the IPv4 address as a number
    address text not null,          -- the same in dotted form, for searching
    held_until bigint               -- when the token that holds it runs out; null once a spoke has it
);
create unique index leases_by_name on leases (hub_id, name_key);
create unique index leases_by_slot on leases (hub_id, slot);
create index leases_held on leases (hub_id, held_until) where held_until is not null;

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
    revoked_at bigint
);
create unique index installation_tokens_by_hash on installation_tokens (token_hash);
create index installation_tokens_by_time on installation_tokens (hub_id, created_at);
create index installation_tokens_open on installation_tokens (hub_id, expires_at) where used_at is null and revoked_at is null;

create table spokes (
    id text primary key references leases (spoke_id),
    hub_id text not null,
    token_id text not null,
    os text not null,
    enabled boolean not null,
    expires_at bigint,
    group_name text,
    notes text not null,
    is_proxmox boolean not null,
    proxmox_node text,
    proxmox_cluster text,
    proxmox_version text,
    metadata text not null,         -- JSON object of strings, as the spoke told it
    registered_at bigint not null
);
create index spokes_by_time on spokes (hub_id, registered_at);

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
    primary key (hub_id, public_key)
);
create unique index peers_by_spoke on peers (spoke_id);
