-- The log is asked by subject: by id, and by every name that an id ever had. The names in older entries are read by the hub when it serves
-- (AuditNaming), the newest first, down from where audit_naming says; what is there today is known at once.
create index audit_by_subject on audit (installation_id, subject, sequence);
create table audit_names (
    installation_id text not null,
    subject text not null,
    name text not null,
    name_key text not null,
    sequence bigint not null,
    primary key (installation_id, subject, name)
);
create index audit_names_by_name on audit_names (installation_id, name_key);
insert into audit_names (installation_id, subject, name, name_key, sequence)
    select meta.value, found.id, found.name, upper(found.name), 0 from meta, (
        select spokes.id, leases.name from spokes join leases on leases.spoke_id = spokes.id
        union all select id, name from clusters
        union all select id, name from users
        union all select id, name from api_tokens
        union all select id, spoke_name from installation_tokens
        union all select id, site from cluster_tokens where site <> ''
    ) as found
    where meta.name = 'installation_id';
create table audit_naming (
    installation_id text primary key,
    sequence bigint not null
);
insert into audit_naming (installation_id, sequence)
    select meta.value, (select coalesce(max(sequence), 0) from audit) from meta where meta.name = 'installation_id';

-- A token for a machine ends with the rights of whoever made it, by hand or by an API token of theirs. As in 0008: only where it is certain.
alter table installation_tokens add column user_id text;
alter table cluster_tokens add column user_id text;
update installation_tokens set user_id = (
    select min(id) from users
    where created_by = case when issuer is null then 'user:' else 'oidc:' end || name
    having count(*) = 1);
update cluster_tokens set user_id = (
    select min(id) from users
    where created_by = case when issuer is null then 'user:' else 'oidc:' end || name
    having count(*) = 1);
update installation_tokens set user_id = (select min(user_id) from api_tokens where installation_tokens.created_by = 'api:' || name having count(*) = 1)
    where user_id is null;
update cluster_tokens set user_id = (select min(user_id) from api_tokens where cluster_tokens.created_by = 'api:' || name having count(*) = 1)
    where user_id is null;
create index installation_tokens_by_user on installation_tokens (user_id) where used_at is null and revoked_at is null;
create index cluster_tokens_by_user on cluster_tokens (user_id) where revoked_at is null;
