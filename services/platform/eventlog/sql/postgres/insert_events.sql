-- One statement, one commit: the tenants are named before the first row is checked, and another
-- writer's turn at the shard is waited for. Without a shard, that was done before.
-- The arrays are unnested side by side in the select's list, which makes a row when it is asked for
-- one: in a from clause each of them would set up a store, which costs a lone append a third of its
-- time, and looking up places costs more the more rows there are. The offset keeps the tenants'
-- naming before the first row.
insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
)
select
    unnest($2::smallint[]), unnest($3::bigint[]), unnest($4::uuid[]), unnest($5::bigint[]),
    unnest($6::uuid[]), unnest($7::text[]), unnest($8::bigint[]), unnest($9::text[]),
    unnest($10::smallint[]), unnest($11::bigint[]), unnest($12::bigint[]), unnest($13::text[]),
    unnest($14::uuid[]), unnest($15::uuid[]), unnest($16::text[]), unnest($17::uuid[]),
    unnest($18::bytea[]), unnest($19::text[]), unnest($20::bytea[]), unnest($21::smallint[])
from (
    select
        pg_advisory_xact_lock_shared(hashtext(current_schema()), $22::integer) as waited,
        set_config('northstar.tenants', $1, true) as named
    offset 0
) as wall
where wall.named is not null
