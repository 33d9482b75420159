delete from documents
using unnest($2::uuid[], $3::text[], $4::bytea[]) as gone (tenant, noun, key)
where documents.tenant = gone.tenant
    and documents.noun = gone.noun
    and documents.generation = $1
    and documents.key = gone.key
