//! Two walls between tenants in Postgres, each tested with the other one switched off.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use northstar_eventlog::postgres::migrate;
use northstar_eventlog::{LaneState, Log};
use northstar_kernel::{ExpectedVersion, Sequence, Shard, TenantScope};
use northstar_testkit::contract::Store;
use northstar_testkit::contract::given::{self, Note};
use northstar_testkit::contract::stores::OnPostgres;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use uuid::Uuid;

/// Tables that hold what is somebody's.
const TABLES: [&str; 3] = ["events", "documents", "secrets"];
const NOBODY: [Uuid; 0] = [];
const PERSON: Uuid = Uuid::from_u128(1);

/// A store in which two tenants of one shard have the same streams, requests, keys and secrets.
struct Stand {
    store: OnPostgres,
    log: Log,
    a: TenantScope,
    b: TenantScope,
}

impl Stand {
    async fn new() -> Self {
        let store = OnPostgres::new().await;
        let log = store.log();
        let tenants = given::neighbours("stand", Shard(0), 2);
        for scope in &tenants {
            let tenant = log.tenant(scope);
            let text = scope.tenant().to_string();
            let append =
                given::append(&given::stream(1), ExpectedVersion::NoStream, &[&text, &text]);
            tenant.append(given::asked(append, "request-1", &text)).await.unwrap();
            tenant.keep_secret("issuer", text.as_bytes()).await.unwrap();
        }
        let put = |scope: &TenantScope| given::put(scope, b"key", &scope.tenant().to_string());
        let documents = tenants.iter().map(put).collect();
        let step = given::step(Shard(0), &LaneState::default(), 1, documents);
        log.commit_lane(Vec::new(), step).await.unwrap();
        Self { store, log, a: tenants[0], b: tenants[1] }
    }

    /// Past the typed wall: SQL by hand, under the service's own role.
    async fn service(&self) -> PgConnection {
        let mut service = PgConnection::connect(&self.store.service_url()).await.unwrap();
        service.execute("set search_path to evidence").await.unwrap();
        service
    }

    async fn owner(&self) -> PgConnection {
        let mut owner = PgConnection::connect(&self.store.database().url()).await.unwrap();
        owner.execute("set search_path to evidence").await.unwrap();
        owner
    }
}

async fn run(connection: &mut PgConnection, statement: impl Into<String>) -> sqlx::Result<u64> {
    let done = connection.execute(AssertSqlSafe(statement.into())).await?;
    Ok(done.rows_affected())
}

async fn name(connection: &mut PgConnection, scopes: &[&TenantScope]) {
    let tenants: Vec<_> = scopes.iter().map(|scope| scope.tenant().to_string()).collect();
    let setting = format!("set northstar.tenants = '{{{}}}'", tenants.join(","));
    run(connection, setting).await.unwrap();
}

/// Whose rows the connection sees in a table.
async fn seen(connection: &mut PgConnection, table: &str) -> Vec<Uuid> {
    let statement = format!("select distinct tenant from {table} order by tenant");
    let rows = connection.fetch_all(AssertSqlSafe(statement)).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The SQLSTATE that the statement is refused with.
async fn refusal(connection: &mut PgConnection, statement: impl Into<String>) -> String {
    let statement = statement.into();
    match run(connection, statement.clone()).await {
        Ok(_) => panic!("{statement} was allowed"),
        Err(error) => error.into_database_error().unwrap().code().unwrap().into_owned(),
    }
}

const DENIED: &str = "42501";

#[tokio::test]
async fn who_names_no_tenant_sees_nothing() {
    let stand = Stand::new().await;
    let mut service = stand.service().await;
    for table in TABLES {
        assert_eq!(seen(&mut service, table).await, NOBODY, "never set: {table}");
    }
    for setting in ["", "{}"] {
        run(&mut service, format!("set northstar.tenants = '{setting}'")).await.unwrap();
        for table in TABLES {
            assert_eq!(seen(&mut service, table).await, NOBODY, "'{setting}': {table}");
        }
    }
}

#[tokio::test]
async fn who_names_a_tenant_sees_that_one() {
    let stand = Stand::new().await;
    let mut service = stand.service().await;
    let (a, b) = (stand.a.tenant().uuid(), stand.b.tenant().uuid());
    for table in TABLES {
        name(&mut service, &[&stand.a]).await;
        assert_eq!(seen(&mut service, table).await, [a], "{table}");
        name(&mut service, &[&stand.b, &stand.a]).await;
        assert_eq!(seen(&mut service, table).await, [a.min(b), a.max(b)], "{table}");
    }
    name(&mut service, &[&stand.a]).await;
    let asked_for_b = format!("select from events where tenant = '{b}'");
    assert_eq!(service.fetch_all(AssertSqlSafe(asked_for_b)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn nothing_is_written_for_another_tenant() {
    let stand = Stand::new().await;
    let mut service = stand.service().await;
    let b = stand.b.tenant();
    let writes = [
        format!(
            "insert into events select shard, position + 100, '{b}', sequence + 100, id, stream,
             version + 100, event_type, schema_version, observed_at, recorded_at, actor,
             correlation_id, causation_id, traceparent, key_id, payload, null, null, 1 from events
             limit 1"
        ),
        format!("insert into documents values ('{b}', 'note', 0, 'x', 'x', 'x')"),
        format!("insert into secrets values ('{b}', 'x', 'x')"),
    ];
    for scope in ["", "system"] {
        run(&mut service, format!("set northstar.scope = '{scope}'")).await.unwrap();
        name(&mut service, &[&stand.a]).await;
        for write in &writes {
            assert_eq!(refusal(&mut service, write).await, DENIED, "{scope}: {write}");
        }
        // What another tenant has is not there to be changed or removed either.
        let changes = [
            format!("update documents set state = 'x' where tenant = '{b}'"),
            format!("delete from documents where tenant = '{b}'"),
            format!("delete from secrets where tenant = '{b}'"),
        ];
        for change in changes {
            assert_eq!(run(&mut service, change.clone()).await.unwrap(), 0, "{scope}: {change}");
        }
        let given_away = format!("update documents set tenant = '{b}'");
        assert_eq!(refusal(&mut service, given_away).await, DENIED);
    }
    name(&mut service, &[&stand.b]).await;
    for write in writes {
        assert_eq!(run(&mut service, write).await.unwrap(), 1, "what was refused was sound");
    }
}

#[tokio::test]
async fn the_scope_of_whole_shards_reads_the_log_and_no_secrets() {
    let stand = Stand::new().await;
    let mut service = stand.service().await;
    run(&mut service, "set northstar.scope = 'system'").await.unwrap();
    assert_eq!(seen(&mut service, "events").await.len(), 2);
    assert_eq!(seen(&mut service, "secrets").await, NOBODY);
    assert_eq!(run(&mut service, "delete from documents").await.unwrap(), 0);
}

#[tokio::test]
async fn the_services_role_can_add_to_the_log_and_nothing_else() {
    let stand = Stand::new().await;
    let mut service = stand.service().await;
    name(&mut service, &[&stand.a]).await;
    let refused = [
        "update events set actor = 'x'",
        "update events set payload = payload where position = 1",
        "delete from events",
        "truncate events",
        "truncate documents",
        "drop table events",
        "alter table events disable row level security",
        "alter table events no force row level security",
        "drop policy tenant_wall on events",
        "create policy open on events using (true)",
        "create table evidence.other (id int)",
        "create table public.other (id int)",
        "create rule quiet as on insert to events do instead nothing",
        "alter role northstar_evidence bypassrls",
        "set role postgres",
        "set session authorization postgres",
        "comment on schema evidence is '99'",
        "select count(*) from pg_authid",
    ];
    for statement in refused {
        assert_eq!(refusal(&mut service, statement).await, DENIED, "{statement}");
    }
    run(&mut service, "set row_security = off").await.unwrap();
    assert_eq!(refusal(&mut service, "select * from events").await, DENIED);
}

#[tokio::test]
async fn the_services_role_owns_nothing_and_every_tenants_table_has_its_wall() {
    let stand = Stand::new().await;
    let mut owner = stand.owner().await;
    let role = "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
         from pg_roles where rolname = 'northstar_evidence'";
    assert!(!owner.fetch_one(role).await.unwrap().get::<bool, _>(0));
    let owned = "select count(*) from pg_class
         where pg_get_userbyid(relowner) = 'northstar_evidence'";
    assert_eq!(owner.fetch_one(owned).await.unwrap().get::<i64, _>(0), 0);
    let member = "select count(*) from pg_auth_members
         where pg_get_userbyid(member) = 'northstar_evidence'";
    assert_eq!(owner.fetch_one(member).await.unwrap().get::<i64, _>(0), 0);
    let walled = "select relname::text, relrowsecurity and relforcerowsecurity
         from pg_class join pg_attribute on attrelid = pg_class.oid
         where relnamespace = 'evidence'::regnamespace and relkind = 'r' and attname = 'tenant'
         order by relname";
    let walled: Vec<(String, bool)> =
        owner.fetch_all(walled).await.unwrap().iter().map(|r| (r.get(0), r.get(1))).collect();
    let all = ["documents", "events", "secrets"].map(|table| (table.to_owned(), true));
    assert_eq!(walled, all);
}

#[tokio::test]
async fn one_contexts_role_does_not_reach_another_contexts_schema() {
    let stand = Stand::new().await;
    let url = stand.store.database().url();
    migrate::up(&url, &["mastery"], None).await.unwrap();
    let mut service = stand.service().await;
    for statement in ["select * from mastery.events", "insert into mastery.lanes values ('x', 0)"] {
        assert_eq!(refusal(&mut service, statement).await, DENIED, "{statement}");
    }
    let mastery = stand.store.database().url_as(&migrate::role("mastery"));
    let mut mastery = PgConnection::connect(&mastery).await.unwrap();
    assert_eq!(refusal(&mut mastery, "select * from evidence.events").await, DENIED);
    run(&mut mastery, "select * from mastery.events").await.unwrap();
}

#[tokio::test]
async fn without_row_level_security_the_typed_wall_holds() {
    let stand = Stand::new().await;
    let mut owner = stand.owner().await;
    let sealed = stand.log.tenant(&stand.b).seal(PERSON, "name", b"Ben").await.unwrap();
    for table in TABLES {
        let off = format!("alter table {table} disable row level security");
        run(&mut owner, off).await.unwrap();
        let mut service = stand.service().await;
        assert_eq!(seen(&mut service, table).await.len(), 2, "the wall of {table} is down");
    }
    let (log, own) = (stand.store.log(), stand.a.tenant());
    let tenant = log.tenant(&stand.a);
    let stream = tenant.stream(&given::stream(1)).await.unwrap();
    assert_eq!(stream.iter().map(|event| event.tenant).collect::<Vec<_>>(), [own, own]);
    assert_eq!(tenant.feed(Sequence::START, 100).await.unwrap(), stream);
    assert_eq!(tenant.sequence().await.unwrap(), Sequence(2));
    let answered = tenant.answered("request-1").await.unwrap().unwrap();
    assert_eq!(answered.appended.position, stream[1].position);
    let note = Note(own.to_string());
    assert_eq!(tenant.document::<Note>(b"key").await.unwrap().unwrap(), note);
    let documents = tenant.documents::<Note>(b"", None, 100).await.unwrap();
    assert_eq!(documents, [(b"key".to_vec(), note)]);
    assert_eq!(tenant.secret("issuer").await.unwrap().unwrap(), own.to_string().as_bytes());
    assert_eq!(tenant.open(PERSON, "name", &sealed).await.unwrap(), None);
    tenant.forget(PERSON).await.unwrap();
    let append = given::append(&given::stream(1), ExpectedVersion::Any, &["x"]);
    let appended = tenant.append(append).await.unwrap();
    assert_eq!((appended.sequence.0, appended.version.0), (3, 3));
    let other = log.tenant(&stand.b);
    assert_eq!(other.sequence().await.unwrap(), Sequence(2), "nothing of it went elsewhere");
    assert_eq!(other.open(PERSON, "name", &sealed).await.unwrap().unwrap(), b"Ben");
}

#[tokio::test]
async fn keys_that_a_caller_can_name_tell_nothing_of_other_tenants() {
    let stand = Stand::new().await;
    // The stand itself shows that equal names are no conflict; every unique key of what a caller
    // can name must begin with the tenant for that.
    let mut owner = stand.owner().await;
    let keys = "select indexrelid::regclass::text, attname::text
         from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
         where indisunique and indrelid in
             ('events'::regclass, 'documents'::regclass, 'secrets'::regclass)
         order by 1";
    let keys: Vec<(String, String)> =
        owner.fetch_all(keys).await.unwrap().iter().map(|r| (r.get(0), r.get(1))).collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
    for (index, first) in keys {
        let expected = if index == "events_pkey" { "shard" } else { "tenant" };
        assert_eq!(first, expected, "{index}");
    }
    for scope in [&stand.a, &stand.b] {
        let tenant = stand.log.tenant(scope);
        assert_eq!(tenant.sequence().await.unwrap(), Sequence(2));
        let answered = tenant.answered("request-1").await.unwrap().unwrap();
        assert_eq!((answered.appended.sequence.0, answered.appended.version.0), (2, 2));
    }
}
