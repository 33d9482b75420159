create table events (
    shard integer not null,
    position integer not null,
    tenant blob not null,
    sequence integer not null,
    id blob not null,
    stream text not null,
    version integer not null,
    event_type text not null,
    schema_version integer not null,
    observed_at integer not null,
    recorded_at integer not null,
    actor text not null,
    correlation_id blob not null,
    causation_id blob,
    traceparent text not null,
    key_id blob,
    payload blob not null,
    request_id text,
    request_content blob,
    append_len integer not null,
    primary key (shard, position)
) without rowid;

create unique index events_by_sequence on events (tenant, sequence);
create unique index events_by_stream on events (tenant, stream, version);
create unique index events_by_request on events (tenant, request_id) where request_id is not null;

create trigger events_are_never_changed before update on events
begin
    select raise(abort, 'the log is append-only');
end;

create trigger events_are_never_removed before delete on events
begin
    select raise(abort, 'the log is append-only');
end;

create table documents (
    tenant blob not null,
    noun text not null,
    generation integer not null,
    key blob not null,
    state blob not null,
    extra blob not null,
    primary key (tenant, noun, generation, key)
) without rowid;

create table generations (
    noun text not null,
    shard integer not null,
    generation integer not null,
    primary key (noun, shard)
) without rowid;

create table lanes (
    consumer text not null,
    shard integer not null,
    commits integer not null,
    generation integer not null,
    positions text not null,
    primary key (consumer, shard)
) without rowid;

create table secrets (
    tenant blob not null,
    name text not null,
    sealed blob not null,
    primary key (tenant, name)
) without rowid;
