-- A transaction sees the tenants it has named, or none. What works on whole shards (writers that
-- read heads, relays, lanes) says so by the scope 'system', which reads and never writes. The settings
-- stand in a select of their own, so that they are read once a statement and not once a row.
alter table events enable row level security;
alter table events force row level security;
create policy tenant_wall on events using (
    tenant = any ((select nullif(current_setting('northstar.tenants', true), '')::uuid[])::uuid[])
);
create policy whole_shards on events for select using (
    (select current_setting('northstar.scope', true) = 'system')
);

alter table documents enable row level security;
alter table documents force row level security;
create policy tenant_wall on documents using (
    tenant = any ((select nullif(current_setting('northstar.tenants', true), '')::uuid[])::uuid[])
);
create policy whole_shards on documents for select using (
    (select current_setting('northstar.scope', true) = 'system')
);

alter table secrets enable row level security;
alter table secrets force row level security;
create policy tenant_wall on secrets using (
    tenant = any ((select nullif(current_setting('northstar.tenants', true), '')::uuid[])::uuid[])
);
