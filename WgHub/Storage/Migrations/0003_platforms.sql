-- Clusters of Proxmox VE nodes, and their tokens.
create table clusters (
    id text primary key,
    hub_id text not null,
    name text not null,
    site text not null,
    datacenter text not null,
    description text not null,
    created_at bigint not null
);
create index clusters_by_name on clusters (hub_id, name);

create table cluster_nodes (
    cluster_id text not null references clusters (id) on delete cascade,
    name text not null,
    number bigint not null,
    address text,
    online boolean not null,
    told_at bigint not null,
    primary key (cluster_id, name)
);

create table cluster_tokens (
    id text primary key,
    hub_id text not null,
    token_hash text not null,
    site text not null,
    datacenter text not null,
    maximum_nodes bigint not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);
create unique index cluster_tokens_by_hash on cluster_tokens (token_hash);

alter table spokes add column cluster_id text references clusters (id);
create index spokes_by_cluster on spokes (cluster_id) where cluster_id is not null;
alter table installation_tokens add column cluster_token_id text references cluster_tokens (id);
alter table installation_tokens add column node text;
create unique index installation_tokens_by_node on installation_tokens (cluster_token_id, node) where cluster_token_id is not null;

-- Lifecycle: who a spoke belongs to, and tokens that say more than a name.
alter table spokes add column owner text not null default '';
alter table spokes add column tags text not null default '';
alter table spokes add column expiry_told_at bigint;
alter table installation_tokens add column kind text not null default 'install' check (kind in ('install', 'reenrol'));
alter table installation_tokens add column owner text not null default '';
alter table installation_tokens add column tags text not null default '';
alter table installation_tokens add column spoke_expires_at bigint;

-- New keys: of a spoke, until it has settled on one; of the hub, until all spokes know it.
create table spoke_rotations (
    spoke_id text primary key,
    hub_id text not null,
    public_key text not null,
    sealed_preshared_key text,
    started_at bigint not null,
    ends_at bigint
);
create unique index spoke_rotations_by_key on spoke_rotations (hub_id, public_key);

create table hub_rotations (
    hub_id text primary key,
    public_key text not null,
    sealed_private_key text not null,
    announced_at bigint not null,
    switched_at bigint
);

create table hub_rotation_spokes (
    spoke_id text primary key references spokes (id) on delete cascade,
    hub_id text not null,
    public_key text not null,
    told_at bigint not null
);

-- Networks behind a spoke, as an adopted interface had them.
alter table spokes add column networks text not null default '';
