insert into documents (tenant, noun, generation, key, state, extra)
values (?1, ?2, ?3, ?4, ?5, ?6)
on conflict (tenant, noun, generation, key)
do update set state = excluded.state, extra = excluded.extra
