-- A transaction sees the tenants it has named, or none. 'system' is for what works on whole
-- shards: writers reading heads, relays and lanes.
alter table events enable row level security;
alter table events force row level security;
create policy tenant_wall on events using (
    current_setting('northstar.scope', true) = 'system'
    or tenant = any (nullif(current_setting('northstar.tenants', true), '')::uuid[])
);

alter table documents enable row level security;
alter table documents force row level security;
create policy tenant_wall on documents using (
    current_setting('northstar.scope', true) = 'system'
    or tenant = any (nullif(current_setting('northstar.tenants', true), '')::uuid[])
);

alter table secrets enable row level security;
alter table secrets force row level security;
create policy tenant_wall on secrets using (
    current_setting('northstar.scope', true) = 'system'
    or tenant = any (nullif(current_setting('northstar.tenants', true), '')::uuid[])
);
