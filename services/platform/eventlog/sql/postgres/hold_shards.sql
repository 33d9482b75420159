-- Renews this replica's shards, lets go of those above its fair share, takes free ones below it.
-- The advisory lock makes the balancing one replica at a time; the clock is the database's.
with fair as (
    select ceil($2::numeric / greatest(count(*), 1))::int as share
    from replicas
    where seen_until > now() or id = $1
), mine as (
    select shard, row_number() over (order by shard) as place
    from leases
    where holder = $1 and shard < $2
), kept as (
    update leases
    set held_until = now() + $3
    from mine, fair
    where leases.shard = mine.shard and mine.place <= fair.share
    returning leases.shard
), dropped as (
    delete from leases
    using mine, fair
    where leases.shard = mine.shard and mine.place > fair.share
), free as (
    select number as shard, row_number() over (order by number) as place
    from generate_series(0, $2 - 1) as shards (number)
    where not exists (
        select from leases where leases.shard = number and (held_until > now() or holder = $1)
    )
), taken as (
    insert into leases (shard, holder, held_until)
    select free.shard, $1, now() + $3
    from free, fair
    where free.place <= fair.share - (select count(*) from mine)
    on conflict (shard) do update set holder = excluded.holder, held_until = excluded.held_until
    returning shard
)
select shard from kept union all select shard from taken order by shard
