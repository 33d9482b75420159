insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
) values (
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20
)
