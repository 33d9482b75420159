select place, request_content, events.stream, position, sequence, version, append_len
from unnest($1::uuid[], $2::text[]) with ordinality as asked (tenant, id, place)
join events on events.tenant = asked.tenant and events.request_id = asked.id
