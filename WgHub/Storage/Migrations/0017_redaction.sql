-- A person can be taken out of the audit log, whose chain holds all the same.
alter table audit add column salt text;
alter table audit add column redacted_by bigint;
create index audit_redacted on audit (installation_id, redacted_by) where redacted_by is not null;
