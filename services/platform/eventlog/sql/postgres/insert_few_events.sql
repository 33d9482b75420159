-- The same as insert_events, for a few rows: unnest and the other functions in a from clause set up a
-- store each, which would cost a lone append a third of its time. For many rows a store is cheaper
-- than to look up each place. The offsets keep the tenants' naming before the first row.
insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
)
select
    ($2::smallint[])[place], ($3::bigint[])[place], ($4::uuid[])[place], ($5::bigint[])[place],
    ($6::uuid[])[place], ($7::text[])[place], ($8::bigint[])[place], ($9::text[])[place],
    ($10::smallint[])[place], ($11::bigint[])[place], ($12::bigint[])[place], ($13::text[])[place],
    ($14::uuid[])[place], ($15::uuid[])[place], ($16::text[])[place], ($17::uuid[])[place],
    ($18::bytea[])[place], ($19::text[])[place], ($20::bytea[])[place], ($21::smallint[])[place]
from (
    select wall.named, generate_subscripts($3::bigint[], 1) as place
    from (
        select
            pg_advisory_xact_lock_shared(hashtext(current_schema()), $22::integer) as waited,
            set_config('northstar.tenants', $1, true) as named
        offset 0
    ) as wall
    offset 0
) as places
where places.named is not null
