insert into documents (tenant, noun, generation, key, state, extra)
select
    unnest($2::uuid[]), unnest($3::text[]), $1, unnest($4::bytea[]), unnest($5::bytea[]),
    unnest($6::bytea[])
on conflict (tenant, noun, generation, key)
do update set state = excluded.state, extra = excluded.extra
