-- How far a machine's clock was off is ours to know; what the machine's owner sent along is theirs. The install scripts sent the one among the
-- other: told apart by their other keys. Neither < nor a quote stands in the kept JSON but as the JSON's own.
alter table spokes add column clock_offset_seconds bigint;
create table told_clocks as
    select id, substr(ltrim(marked, replace(marked, '<', '')), 2, 10) as clock
    from (
        select id, replace(metadata, '"clock":"', '<') as marked from spokes
        where metadata like '%"clock":"1_________"%' and metadata like '%"distribution":%' and metadata like '%"arch":%'
            and metadata like '%"hostname":%' and metadata like '%"wireguardVersion":%'
    ) as scripts;
delete from told_clocks where ltrim(clock, '0123456789') <> '';
update spokes set
    clock_offset_seconds = (select cast(clock as bigint) from told_clocks where told_clocks.id = spokes.id)
        - coalesce((select max(used_at) from installation_tokens where spoke_id = spokes.id and kind = 'reenrol'), registered_at) / 1000,
    metadata = replace(replace(metadata, '"clock":"' || (select clock from told_clocks where told_clocks.id = spokes.id) || '",', ''),
        ',"clock":"' || (select clock from told_clocks where told_clocks.id = spokes.id) || '"', '')
where id in (select id from told_clocks);
drop table told_clocks;
