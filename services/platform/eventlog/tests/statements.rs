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
