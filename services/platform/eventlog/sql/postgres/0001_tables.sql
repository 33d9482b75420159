create table events (
    shard smallint not null,
    position bigint not null,
    tenant uuid not null,
    sequence bigint not null,
    id uuid not null,
    stream text not null,
    version bigint not null,
    event_type text not null,
    schema_version smallint not null,
    observed_at bigint not null,
    recorded_at bigint not null,
    actor text not null,
    correlation_id uuid not null,
    causation_id uuid,
    traceparent text not null,
    key_id uuid,
    payload bytea not null,
    request_id text,
    request_content bytea,
    append_len smallint not null,
    primary key (shard, position)
);

create unique index events_by_sequence on events (tenant, sequence);
create unique index events_by_stream on events (tenant, stream, version);
create unique index events_by_request on events (tenant, request_id) where request_id is not null;

create table documents (
    tenant uuid not null,
    noun text collate "C" not null,
    generation integer not null,
    key bytea not null,
    state bytea not null,
    extra bytea not null,
    primary key (tenant, noun, generation, key)
);

create table secrets (
    tenant uuid not null,
    name text collate "C" not null,
    sealed bytea not null,
    primary key (tenant, name)
);

-- Without a tenant: places only, nothing of anybody's.
create table generations (
    noun text collate "C" not null,
    shard smallint not null,
    generation integer not null,
    primary key (noun, shard)
);

create table lanes (
    consumer text collate "C" not null,
    shard smallint not null,
    commits bigint not null,
    generation integer not null,
    positions text not null,
    primary key (consumer, shard)
);

create table replicas (
    id uuid primary key,
    seen_until timestamptz not null
);

create table leases (
    shard smallint primary key,
    holder uuid not null,
    held_until timestamptz not null
);
