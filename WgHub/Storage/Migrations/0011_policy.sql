-- Where traffic may go. Everybody still reaches the hub itself: the rule says so, and can be taken away.
create table policies (
    hub_id text primary key,
    revision bigint not null,
    masquerades text not null check (masquerades in ('both', 'ipv4', 'ipv6', 'none')),
    former text,
    confirm_until bigint
);

create table policy_rules (
    id text primary key,
    hub_id text not null,
    position bigint not null,
    from_kind text not null check (from_kind in ('anybody', 'group', 'spoke', 'network')),
    from_id text not null,
    to_kind text not null check (to_kind in ('anybody', 'group', 'spoke', 'network', 'internet', 'hub')),
    to_id text not null,
    protocol text not null check (protocol in ('any', 'tcp', 'udp', 'icmp')),
    ports text not null,
    enabled boolean not null,
    note text not null
);
create index policy_rules_by_place on policy_rules (hub_id, position);

create table policy_tests (
    hub_id text not null,
    position bigint not null,
    from_kind text not null,
    from_id text not null,
    to_kind text not null,
    to_id text not null,
    protocol text not null,
    port bigint,
    is_allowed boolean not null,
    primary key (hub_id, position)
);

create table policy_uses (
    rule_id text primary key,
    hub_id text not null,
    counter_packets bigint not null,
    counter_bytes bigint not null,
    packets bigint not null,
    bytes bigint not null,
    last_used_at bigint
);

insert into policy_rules (id, hub_id, position, from_kind, from_id, to_kind, to_id, protocol, ports, enabled, note)
select 'hub-' || id, id, 0, 'anybody', '', 'hub', '', 'any', '', true, '' from hubs;
