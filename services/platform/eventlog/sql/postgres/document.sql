-- The generation is looked up in a select of its own: `coalesce` might tell of what it is given, so
-- behind a wall no index may be asked with it, and every key of the projection would be compared.
select state, extra
from documents
where tenant = $1 and noun = $2
    and generation = (select coalesce($3,
        (select generation from generations where noun = $2 and shard = $4), 0))
    and key = $5
