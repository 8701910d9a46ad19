-- Networks are things of their own, behind the hub or behind spokes. Those that came with an import stood in one text of their spoke, by comma;
-- that text is walked through, character by character, which is all that the dialect of both engines has for it.
create table networks (
    id text primary key,
    hub_id text not null,
    name text not null,
    name_key text not null,
    cidr text not null,
    behind text not null check (behind in ('hub', 'spoke')),
    via_spoke_id text references spokes (id) on delete set null,
    standby_spoke_id text references spokes (id) on delete set null,
    active_spoke_id text references spokes (id) on delete set null,
    active_since bigint not null,
    held boolean not null,
    masquerade boolean not null,
    created_at bigint not null,
    check (behind = 'spoke' or (via_spoke_id is null and standby_spoke_id is null and active_spoke_id is null))
);
create unique index networks_by_name on networks (hub_id, name_key);
create unique index networks_by_cidr on networks (hub_id, cidr);
create index networks_by_via on networks (via_spoke_id) where via_spoke_id is not null;
create index networks_by_standby on networks (standby_spoke_id) where standby_spoke_id is not null;
create index networks_by_active on networks (active_spoke_id) where active_spoke_id is not null;
with recursive walk (spoke_id, whole, place, part) as (
    select id, networks || ',', 1, cast('' as text) from spokes where networks <> ''
    union all
    select spoke_id, whole, place + 1, case when substr(whole, place, 1) = ',' then '' else part || substr(whole, place, 1) end
    from walk where place < length(whole)
)
insert into networks (id, hub_id, name, name_key, cidr, behind, via_spoke_id, active_spoke_id, active_since, held, masquerade, created_at)
    select walk.spoke_id || '-' || walk.place, spokes.hub_id, substr(leases.name, 1, 40) || '-' || replace(walk.part, '/', '-'),
        lower(substr(leases.name, 1, 40) || '-' || replace(walk.part, '/', '-')), walk.part, 'spoke', walk.spoke_id, walk.spoke_id,
        spokes.registered_at, false, false, spokes.registered_at
    from walk join spokes on spokes.id = walk.spoke_id join leases on leases.spoke_id = walk.spoke_id
    where substr(walk.whole, walk.place, 1) = ',';
alter table spokes drop column networks;

create table barred_networks (
    hub_id text not null,
    cidr text not null,
    note text not null,
    primary key (hub_id, cidr)
);

alter table node_facts add column bridges text not null default '';
