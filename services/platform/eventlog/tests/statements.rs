//! Every statement in `sql/` is one that the schema understands.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use northstar_testkit::contract::stores::OnPostgres;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr as _};

/// Names and texts of an engine's statements; migrations begin with their number.
fn statements(engine: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(engine);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with(|first: char| first.is_ascii_digit()) {
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    assert!(found.len() >= 8, "{engine}: {found:?}");
    found
}

#[tokio::test]
async fn postgres_prepares_each() {
    let store = OnPostgres::new().await;
    let mut service = PgConnection::connect(&store.service_url()).await.unwrap();
    service.execute("set search_path to evidence").await.unwrap();
    for (name, text) in statements("postgres") {
        let prepared = (&mut service).prepare(AssertSqlSafe(text).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {}", prepared.unwrap_err());
    }
    let wrong = (&mut service).prepare(AssertSqlSafe("select nothing from events").into_sql_str());
    assert!(wrong.await.is_err(), "a wrong statement would be seen");
}

/// Of a table that its planner knows nothing of yet: a plan is kept while the table grows.
#[tokio::test]
async fn postgres_finds_what_it_looks_for_by_all_that_is_known_of_it() {
    let store = OnPostgres::new().await;
    let mut service = PgConnection::connect(&store.service_url()).await.unwrap();
    let settings = "set search_path to evidence; set enable_seqscan to off;
        set plan_cache_mode to force_generic_plan; set northstar.tenants to '{}'";
    service.execute(settings).await.unwrap();
    let (tenant, key) = ("'00000000-0000-0000-0000-000000000001'", r"'\x01'");
    let one_of = format!("{tenant}, 'note', null, 1");
    let document = ["tenant", "noun", "generation", "key"].as_slice();
    let asked = [
        ("document.sql", format!("{one_of}, {key}"), document),
        ("documents.sql", format!(r"{one_of}, {key}, '\x02', 10"), document),
        ("documents_to_end.sql", format!("{one_of}, {key}, 10"), document),
        ("documents_of.sql", format!(r#"{one_of}, '{{"\\x01","\\x02"}}'"#), document),
        ("remove_document.sql", format!("0, {tenant}, 'note', {key}"), document),
        ("stream.sql", format!("{tenant}, 'note-1'"), &["tenant", "stream"]),
        ("streams.sql", format!("{tenant}, '{{note-1,note-2}}'"), &["tenant", "stream"]),
        ("versions.sql", format!("'{{{}}}', '{{note-1}}'", tenant.trim_matches('\'')), &["stream"]),
    ];
    let all = statements("postgres");
    for (name, arguments, known) in asked {
        let (_, text) = all.iter().find(|(other, _)| other == name).unwrap();
        let plan = explained(&mut service, text, &arguments).await;
        let condition = plan.iter().filter(|line| line.contains("Index Cond: "));
        let condition = condition.max_by_key(|line| line.len()).cloned().unwrap_or_default();
        let asks = |column: &&str| condition.contains(&format!("({column} "));
        assert!(known.iter().all(asks), "{name}: {plan:#?}");
    }
    let by_any = "select state from documents where tenant = $1 and generation = coalesce($2, 0)";
    let plan = explained(&mut service, by_any, &format!("{tenant}, 0")).await;
    let asks = |line: &String| line.contains("Index Cond: ") && line.contains("generation");
    assert!(!plan.iter().any(asks), "what the wall keeps from the index would be seen: {plan:#?}");
}

/// The plan of a statement, line by line.
async fn explained(service: &mut PgConnection, text: &str, arguments: &str) -> Vec<String> {
    let prepare = format!("deallocate all; prepare asked as {text}");
    service.execute(AssertSqlSafe(prepare)).await.unwrap();
    let explain = format!("explain (costs off) execute asked ({arguments})");
    sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(service).await.unwrap()
}

#[test]
fn sqlite_prepares_each() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../sql/sqlite/0001_tables.sql")).unwrap();
    for (name, text) in statements("sqlite") {
        let prepared = db.prepare(&text);
        assert!(prepared.is_ok(), "{name}: {}", prepared.unwrap_err());
    }
    assert!(db.prepare("select nothing from events").is_err(), "a wrong statement would be seen");
}

#[test]
fn sqlite_keeps_the_log_from_being_changed_and_refuses_a_newer_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.db");
    drop(northstar_eventlog::sqlite::Sqlite::open(&file).unwrap());
    let db = rusqlite::Connection::open(&file).unwrap();
    db.execute_batch(
        "insert into events values
         (0, 1, x'00', 1, x'00', 's', 1, 't', 1, 0, 0, '', x'00', null, '', null, x'', null, null, 1)",
    )
    .unwrap();
    for change in ["update events set actor = 'x'", "delete from events"] {
        let refused = db.execute_batch(change).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{change}: {refused}");
    }
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let Err(refused) = northstar_eventlog::sqlite::Sqlite::open(&file) else {
        panic!("a newer file was opened")
    };
    let why = std::error::Error::source(&refused).unwrap().to_string();
    assert!(why.contains("99"), "{why}");
}
