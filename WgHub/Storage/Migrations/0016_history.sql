-- What went through each tunnel, by minute and by hour. No reference to spokes, which would want an index by spoke and with it a page written for
-- each spoke: what is left of one that is gone is taken away within minutes.
create table spoke_history (
    step bigint not null,
    starts_at bigint not null,
    spoke_id text not null,
    points text not null,
    primary key (step, starts_at, spoke_id)
);

create table history_totals (
    spoke_id text primary key,
    at bigint not null,
    received_bytes bigint not null,
    sent_bytes bigint not null
);
