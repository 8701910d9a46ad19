-- A hub and its spokes that came from elsewhere keep the IPv6 address they had. Everybody else's follows from the IPv4 address.
alter table hubs add column address6 text;
alter table leases add column address6 text;
alter table leases add column slot6 bigint;
create unique index leases_by_address6 on leases (address6) where address6 is not null;
create index leases_by_slot6 on leases (slot6) where slot6 is not null;
