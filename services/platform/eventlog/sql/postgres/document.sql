-- The tenant is named in the statement itself, which is then a transaction of its own: one round trip.
-- What is found asks for the name, and the offset keeps the naming in a select of its own, so it comes
-- before the first row is looked for, and before the wall reads its setting.
-- The generation is looked up in a select of its own: `coalesce` might tell of what it is given, so
-- behind a wall no index may be asked with it, and every key of the projection would be compared.
select found.state, found.extra
from (
    select set_config('northstar.tenants', array[$1::uuid]::text, true) as named
    offset 0
) as wall
cross join lateral (
    select state, extra
    from documents
    where wall.named is not null
        and tenant = $1 and noun = $2
        and generation = (select coalesce($3,
            (select generation from generations where noun = $2 and shard = $4), 0))
        and key = $5
    offset 0
) as found
