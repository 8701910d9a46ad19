-- What a spoke routes into its tunnel: its own choice, else its group's, else the network. held_routes is what its machine has; it is not
-- known of one that was imported. Until now every machine that registered was told the network.
alter table spokes add column routes text;
alter table spokes add column held_routes text;
alter table installation_tokens add column routes text;
alter table cluster_tokens add column routes text;
create table spoke_groups (
    hub_id text not null,
    name text not null,
    routes text,
    created_at bigint not null,
    primary key (hub_id, name)
);
update spokes set held_routes = (select network || coalesce(',' || network6, '') from hubs where hubs.id = spokes.hub_id) where token_id <> '';
