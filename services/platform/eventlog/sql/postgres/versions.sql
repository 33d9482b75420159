select coalesce((
    select version
    from events
    where events.tenant = asked.tenant and events.stream = asked.stream
    order by version desc
    limit 1
), 0)
from unnest($1::uuid[], $2::text[]) with ordinality as asked (tenant, stream, place)
order by place
