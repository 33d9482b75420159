select coalesce((
    select sequence
    from events
    where events.tenant = asked.tenant
    order by sequence desc
    limit 1
), 0)
from unnest($1::uuid[]) with ordinality as asked (tenant, place)
order by place
