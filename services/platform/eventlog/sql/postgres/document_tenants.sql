-- A loose index scan: one step of the primary key per tenant, not one per document.
with recursive found as (
    (select tenant from documents order by tenant limit 1)
    union all
    select further.tenant
    from found
    cross join lateral (
        select tenant from documents where tenant > found.tenant order by tenant limit 1
    ) as further
)
select tenant from found order by tenant
