-- One step of the primary key per tenant, not one per document.
with recursive found (tenant) as (
    select min(tenant) from documents
    union all
    select (select min(tenant) from documents where tenant > found.tenant)
    from found
    where found.tenant is not null
)
select tenant from found where tenant is not null order by tenant
