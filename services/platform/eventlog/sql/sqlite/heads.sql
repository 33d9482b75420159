-- One step of the primary key per shard, not one per event.
with recursive found (shard) as (
    select min(shard) from events
    union all
    select (select min(shard) from events where shard > found.shard)
    from found
    where found.shard is not null
)
select shard, (select max(position) from events where events.shard = found.shard)
from found
where shard is not null
