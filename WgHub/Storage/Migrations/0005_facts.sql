-- What one kind of machine tells of itself has a table of its own: spokes holds what every machine has.
create table node_facts (
    spoke_id text primary key references spokes (id) on delete cascade,
    node text,
    version text,
    cluster_name text,
    cluster_id text references clusters (id)
);
create index node_facts_by_cluster on node_facts (cluster_id) where cluster_id is not null;
insert into node_facts (spoke_id, node, version, cluster_name, cluster_id)
    select id, proxmox_node, proxmox_version, proxmox_cluster, cluster_id from spokes where is_proxmox;
drop index spokes_by_cluster;
alter table spokes drop column is_proxmox;
alter table spokes drop column proxmox_node;
alter table spokes drop column proxmox_cluster;
alter table spokes drop column proxmox_version;
alter table spokes drop column cluster_id;
