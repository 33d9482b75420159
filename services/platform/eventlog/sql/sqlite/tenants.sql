-- One step of the index per tenant, not one per event; the shard is the same for all of a tenant's.
with recursive found (tenant) as (
    select min(tenant) from events
    union all
    select (select min(tenant) from events where tenant > found.tenant)
    from found
    where found.tenant is not null
)
select tenant
from found
where tenant is not null
    and (select shard from events where events.tenant = found.tenant limit 1) = ?1
order by tenant
