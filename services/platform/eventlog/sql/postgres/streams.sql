-- One step of the index for each stream, whatever a planner thinks of their number.
select events.*
from (select distinct unnest($2::text[])) as asked (stream)
cross join lateral (
    select shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
        observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload
    from events
    where tenant = $1 and stream = asked.stream
    offset 0
) as events
order by events.stream, events.version
