-- A loose index scan: one step of the primary key per shard, not one per event.
with recursive newest as (
    (select shard, position from events order by shard desc, position desc limit 1)
    union all
    select below.shard, below.position
    from newest
    cross join lateral (
        select shard, position
        from events
        where shard < newest.shard
        order by shard desc, position desc
        limit 1
    ) as below
)
select shard, position from newest
