-- One step of the primary key for each key. A condition that names them all is no such thing to a planner
-- that keeps the order of the index: it compares every row of the projection with every one of them.
select documents.key, state, extra
from (select distinct asked.key from unnest($5::bytea[]) as asked (key)) as asked
join documents on tenant = $1 and noun = $2
    and generation = coalesce($3,
        (select generation from generations where noun = $2 and shard = $4), 0)
    and documents.key = asked.key
order by documents.key
