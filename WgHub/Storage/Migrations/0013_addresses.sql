-- A spoke's addresses can be chosen, in both families and also later; until its machine has fetched them anew, it has older ones.
alter table address_pools add column network6 text;
update address_pools set network6 = (select network6 from hubs where hubs.id = address_pools.hub_id);
alter table leases add column moved_at bigint;
alter table installation_tokens add column address6 text;

-- Addresses that are kept for the spokes of a group.
create table address_ranges (
    hub_id text not null,
    first_slot bigint not null,
    last_slot bigint not null,
    group_name text not null,
    next_slot bigint not null,
    primary key (hub_id, first_slot)
);
