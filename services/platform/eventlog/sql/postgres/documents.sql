-- The tenant is named, and the generation looked up, as for one document. The join is with
-- one row, so it keeps the order.
select found.key, found.state, found.extra
from (
    select set_config('northstar.tenants', array[$1::uuid]::text, true) as named
    offset 0
) as wall
cross join lateral (
    select key, state, extra
    from documents
    where wall.named is not null
        and tenant = $1 and noun = $2
        and generation = (select coalesce($3,
            (select generation from generations where noun = $2 and shard = $4), 0))
        and key >= $5 and key < $6
    order by key
    limit $7
) as found
