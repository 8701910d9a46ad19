-- An installation may have several hubs: its own id is another thing than the id of the hub on this machine.
insert into meta (name, value) select 'installation_id', value from meta where name = 'hub_id' on conflict (name) do update set value = excluded.value;
alter table audit rename column hub_id to installation_id;
alter table sign_in_settings rename column hub_id to installation_id;

-- Names are the user's: one name, one spoke, whichever its hub. The networks of hubs do not overlap, so neither do addresses.
update leases set name_key = '#' || hub_id where name_key = '';
drop index leases_by_name;
create unique index leases_by_name on leases (name_key);
drop index leases_by_slot;
create unique index leases_by_slot on leases (slot);

-- A spoke may have a peer on more than one hub.
drop index peers_by_spoke;
create unique index peers_by_spoke on peers (spoke_id, hub_id);
