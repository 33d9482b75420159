//! A NATS of our own: it starts, keeps its streams over a kill, and forgets them when told to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::TcpListener;

use async_nats::jetstream::{self, stream};
use northstar_testkit::Nats;

async fn jetstream(server: &Nats) -> jetstream::Context {
    jetstream::new(async_nats::connect(server.url()).await.unwrap())
}

async fn stream(server: &Nats) -> stream::Stream {
    let config = stream::Config {
        name: "KEPT".into(),
        subjects: vec!["kept.>".into()],
        ..Default::default()
    };
    jetstream(server).await.get_or_create_stream(config).await.unwrap()
}

async fn publish(server: &Nats) {
    let jetstream = jetstream(server).await;
    jetstream.publish("kept.one", "fact".into()).await.unwrap().await.unwrap();
}

async fn kept(server: &Nats) -> u64 {
    stream(server).await.get_info().await.unwrap().state.messages
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill_and_gone_with_the_store() {
    let server = Nats::start().unwrap();
    stream(&server).await;
    publish(&server).await;
    server.kill9();
    assert!(async_nats::connect(server.url()).await.is_err());
    server.restart().unwrap();
    assert_eq!(kept(&server).await, 1);

    server.delete_store().unwrap();
    server.restart().unwrap();
    assert_eq!(kept(&server).await, 0);
}

#[tokio::test]
async fn an_orderly_restart_keeps_the_streams() {
    let server = Nats::start().unwrap();
    stream(&server).await;
    publish(&server).await;
    server.restart().unwrap();
    assert_eq!(kept(&server).await, 1);
}

#[tokio::test]
async fn a_tests_own_settings_are_in_force() {
    let server = Nats::start_with("max_payload: 4096").unwrap();
    let client = async_nats::connect(server.url()).await.unwrap();
    assert_eq!(client.server_info().max_payload, 4096);
}

#[test]
fn a_setting_that_does_not_exist_is_reported_in_the_servers_words() {
    let trouble = Nats::start_with("no_such_setting: 1").unwrap_err().to_string();
    assert!(trouble.contains("no_such_setting"), "{trouble}");
}

#[test]
fn a_dropped_server_frees_its_port() {
    let server = Nats::start().unwrap();
    let port = server.port();
    assert!(TcpListener::bind(("127.0.0.1", port)).is_err());
    drop(server);
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
}
