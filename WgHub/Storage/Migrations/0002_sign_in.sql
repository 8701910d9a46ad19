-- Sign-in by an identity provider, second factors, sessions that can be listed, pre-shared keys, certificates, and an
-- audit log that shows when it was changed. Sessions begin anew: an upgrade asks everybody to sign in once more.

drop table sessions;

create table accounts (
    id text primary key,
    name text not null,
    name_key text not null,
    issuer text,
    subject text,
    password_hash text,
    role text not null check (role in ('none', 'viewer', 'operator', 'admin')),
    enabled boolean not null,
    created_at bigint not null,
    last_sign_in_at bigint,
    sealed_totp_seed text,
    totp_since bigint,
    totp_last_step bigint not null,
    failed_sign_ins bigint not null,
    locked_until bigint,
    check ((issuer is null) = (subject is null)),
    check (issuer is null or password_hash is null)
);
insert into accounts (id, name, name_key, password_hash, role, enabled, created_at, totp_last_step, failed_sign_ins)
select id, name, name_key, password_hash, role, enabled, created_at, 0, 0 from users;
drop table users;
alter table accounts rename to users;
create unique index users_by_name on users (name_key) where issuer is null;
create unique index users_by_subject on users (issuer, subject) where issuer is not null;

create table recovery_codes (
    user_id text not null references users (id) on delete cascade,
    code_hash text not null,
    used_at bigint,
    primary key (user_id, code_hash)
);

create table passkeys (
    credential_id text primary key,
    user_id text not null references users (id) on delete cascade,
    name text not null,
    credential text not null,
    created_at bigint not null,
    last_used_at bigint
);
create index passkeys_by_user on passkeys (user_id);

create table sessions (
    id text primary key,
    key_hash text not null,
    user_id text not null references users (id) on delete cascade,
    way text not null check (way in ('password', 'totp', 'recovery', 'passkey', 'oidc')),
    address text,
    user_agent text not null,
    created_at bigint not null,
    confirmed_at bigint not null,
    expires_at bigint not null,
    issuer text,
    provider_session text,
    sealed_id_token text
);
create unique index sessions_by_key on sessions (key_hash);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);
create index sessions_by_provider on sessions (issuer, provider_session) where provider_session is not null;

create table sign_in_settings (
    hub_id text primary key,
    local_sign_in boolean not null,
    oidc_enabled boolean not null,
    issuer text not null,
    client_id text not null,
    sealed_client_secret text,
    token_auth text not null check (token_auth in ('auto', 'basic', 'post', 'none')),
    scopes text not null,
    role_claim text not null,
    admin_values text not null,
    operator_values text not null,
    viewer_values text not null,
    tested_fingerprint text,
    tested_at bigint,
    updated_at bigint not null
);

alter table setup_codes add column resets boolean not null default false;

alter table api_tokens add column hint text not null default '';
alter table api_tokens add column last_used_at bigint;
alter table api_tokens add column created_by text not null default '';

alter table hubs add column preshared_keys boolean not null default true;
alter table peers add column sealed_preshared_key text;

create table certificates (
    name text primary key,
    chain text not null,
    sealed_key text not null,
    created_at bigint not null
);

create table acme_orders (
    directory text not null,
    names text not null,
    failures integer not null,
    tried_at bigint not null,
    next_at bigint not null,
    problem text,
    said text
);

alter table audit add column sequence bigint;
alter table audit add column hash text;
update audit set sequence = numbered.place
from (select id, row_number() over (partition by hub_id order by id) as place from audit) as numbered
where numbered.id = audit.id;
create unique index audit_by_sequence on audit (hub_id, sequence);
create index audit_by_event on audit (hub_id, event, id);
