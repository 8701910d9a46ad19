-- Who is told of what happens, what is on its way to them, and what happens without being a change.
create table notification_channels (
    id text primary key,
    name text not null,
    name_key text not null,
    kind text not null check (kind in ('mail', 'webhook')),
    target text not null,
    sealed_secret text,
    sealed_former_secret text,
    former_until bigint,
    events text not null,
    least_level text check (least_level in ('info', 'warning', 'critical')),
    group_names text not null,
    quiet text not null,
    enabled boolean not null,
    stopped text,
    failing_since bigint,
    audit_sequence bigint not null,
    happening_sequence bigint not null,
    created_at bigint not null
);
create unique index notification_channels_by_name on notification_channels (name_key);

create table notification_deliveries (
    id text primary key,
    channel_id text not null references notification_channels (id) on delete cascade,
    position bigint not null,
    state text not null check (state in ('gathering', 'waiting', 'delivered', 'dead')),
    is_urgent boolean not null,
    event text not null,
    subject text,
    body text not null,
    created_at bigint not null,
    changed_at bigint not null,
    tries bigint not null,
    next_at bigint not null,
    tried_at bigint,
    said text
);
create unique index notification_deliveries_gathering on notification_deliveries (channel_id, is_urgent) where state = 'gathering';
create index notification_deliveries_by_place on notification_deliveries (channel_id, state, position);

create table happenings (
    sequence bigint primary key,
    id text not null,
    at bigint not null,
    event text not null,
    subject text,
    subject_name text,
    group_name text,
    detail text not null
);

create table alarms (
    name text primary key,
    began_at bigint not null
);

create table spoke_presence (
    spoke_id text primary key references spokes (id) on delete cascade,
    connected boolean not null,
    since bigint not null,
    changes bigint not null
);

create table presence_looks (
    hub_id text primary key,
    looked_at bigint not null
);
