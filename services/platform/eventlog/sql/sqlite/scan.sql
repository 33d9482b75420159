select shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload
from events
where shard = ?1 and position > ?2
order by position
limit ?3
