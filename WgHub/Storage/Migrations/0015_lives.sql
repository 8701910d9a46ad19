-- From which moment on a handshake tells that the tunnel stands: one of before the spoke was switched off does not.
alter table peers add column handshakes_from bigint;

-- What a machine calls itself, so that it is found by that.
alter table spokes add column host_name text not null default '';
