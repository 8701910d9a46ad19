-- An API token ends with the account that made it. Names of an identity provider's accounts are not unique and change: where one is not
-- certain, the token has no maker, as one that a command made.
alter table api_tokens add column user_id text;
update api_tokens set user_id = (
    select min(id) from users
    where created_by = case when issuer is null then 'user:' else 'oidc:' end || name
    having count(*) = 1);
create index api_tokens_by_user on api_tokens (user_id);
-- A wait is between a caller and a name, and no longer the account's.
alter table users drop column locked_until;
