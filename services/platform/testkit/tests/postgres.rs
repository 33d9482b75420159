//! A PostgreSQL of our own: it starts, survives kills with its data, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::TcpListener;

use northstar_testkit::{Database, Postgres, postgres::UNSYNCED};
use sqlx::{Connection, PgConnection, Row};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn number(connection: &mut PgConnection, query: &'static str) -> i64 {
    sqlx::query(query).fetch_one(connection).await.unwrap().get(0)
}

#[tokio::test]
async fn every_test_gets_an_empty_database_of_its_own() {
    let server = Postgres::shared().unwrap();
    let databases: Vec<Database> = std::thread::scope(|threads| {
        let started: Vec<_> =
            (0..4).map(|_| threads.spawn(|| server.create_database().unwrap())).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for database in databases {
        let mut connection = connect(&database.url()).await;
        sqlx::query("create table mine (id bigint)").execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn roles_connect_without_a_password_and_data_is_synced_to_disk() {
    let database = Postgres::shared().unwrap().create_database().unwrap();
    let mut owner = connect(&database.url()).await;
    sqlx::query("create role visitor login").execute(&mut owner).await.unwrap();
    let mut visitor = connect(&database.url_as("visitor")).await;
    let row = sqlx::query("select current_user::text, current_setting('fsync')")
        .fetch_one(&mut visitor)
        .await
        .unwrap();
    assert_eq!((row.get(0), row.get(1)), ("visitor", "on"));
}

#[tokio::test]
async fn a_tests_own_settings_win() {
    let server = Postgres::start_with(&[("max_connections", "7")]).unwrap();
    let mut connection = connect(&server.url()).await;
    let limit = number(&mut connection, "select current_setting('max_connections')::bigint").await;
    assert_eq!(limit, 7);
}

#[test]
fn a_setting_that_does_not_exist_is_reported_in_the_servers_words() {
    let trouble = Postgres::start_with(&[("no_such_setting", "1")]).unwrap_err().to_string();
    assert!(trouble.contains("no_such_setting"), "{trouble}");
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_kill_and_a_restart() {
    let server = Postgres::start_with(&UNSYNCED).unwrap();
    let database = server.create_database().unwrap();
    let mut connection = connect(&database.url()).await;
    sqlx::query("create table kept (id bigint)").execute(&mut connection).await.unwrap();
    for kills in 1..=3 {
        sqlx::query("insert into kept values (1)").execute(&mut connection).await.unwrap();
        server.kill9();
        assert!(sqlx::query("select 1").execute(&mut connection).await.is_err());
        assert!(PgConnection::connect(&database.url()).await.is_err());
        server.restart().unwrap();
        connection = connect(&database.url()).await;
        assert_eq!(number(&mut connection, "select count(*) from kept").await, kills);
    }
    server.restart().unwrap();
    connection = connect(&database.url()).await;
    assert_eq!(number(&mut connection, "select count(*) from kept").await, 3);
}

#[tokio::test]
async fn a_dropped_server_frees_its_port_and_removes_its_data() {
    let server = Postgres::start().unwrap();
    let (port, mut connection) = (server.port(), connect(&server.url()).await);
    let data: String = sqlx::query("select current_setting('data_directory')")
        .fetch_one(&mut connection)
        .await
        .unwrap()
        .get(0);
    assert!(std::fs::exists(&data).unwrap());
    drop(server);
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    assert!(!std::fs::exists(&data).unwrap());
}
