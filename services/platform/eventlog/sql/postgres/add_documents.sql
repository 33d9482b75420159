insert into documents (tenant, noun, generation, key, state, extra)
select rows.tenant, rows.noun, $1, rows.key, rows.state, rows.extra
from unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
    as rows (tenant, noun, key, state, extra)
