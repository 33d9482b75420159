-- The generation as for one document.
select key, state, extra
from documents
where tenant = $1 and noun = $2
    and generation = (select coalesce($3,
        (select generation from generations where noun = $2 and shard = $4), 0))
    and key >= $5 and key < $6
order by key
limit $7
