-- One step of the primary key for each key, whatever a planner thinks of their number; the tenant is
-- named, and the generation looked up, as for one document. A condition that names all keys is no such
-- thing to a planner that keeps the order of the index: it compares every row of the projection with
-- every one of them; and a join that it may turn round reads the projection from end to end while it
-- believes that it is small.
select found.key, found.state, found.extra
from (
    select set_config('northstar.tenants', array[$1::uuid]::text, true) as named
    offset 0
) as wall
cross join lateral (
    select distinct unnest($5::bytea[]) as key where wall.named is not null offset 0
) as asked
cross join lateral (
    select documents.key, state, extra
    from documents
    where tenant = $1 and noun = $2
        and generation = (select coalesce($3,
            (select generation from generations where noun = $2 and shard = $4), 0))
        and documents.key = asked.key
    offset 0
) as found
order by found.key
