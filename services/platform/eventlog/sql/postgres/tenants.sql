-- A loose index scan over (tenant, sequence); the shard is the same for all of a tenant's events.
with recursive found as (
    (select tenant, shard from events order by tenant, sequence limit 1)
    union all
    select further.tenant, further.shard
    from found
    cross join lateral (
        select tenant, shard
        from events
        where tenant > found.tenant
        order by tenant, sequence
        limit 1
    ) as further
)
select tenant from found where shard = $1 order by tenant
