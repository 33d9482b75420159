//! A real server, from its ports to its end.

#[cfg(test)]
#[path = "support/running.rs"]
mod running;
#[cfg(test)]
#[path = "support/slow.rs"]
mod slow;

use northstar_chassis::config::ServerConfig;
use northstar_chassis::server::{Drained, Listeners};
use running::{Running, streaming, unary};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_types::StatusExt as _;

const WAIT: &str = "/test.v1.Slow/Wait";
const SERVING: i32 = 1;
const NOT_SERVING: i32 = 2;

#[tokio::test]
async fn only_a_believed_token_reaches_the_service() {
    let server = Running::start(5).await;
    let channel = server.channel().await;
    let refused = unary(channel.clone(), Request::new(()), WAIT).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(refused.get_details_error_info().unwrap().reason, "TOKEN_MISSING");
    let mut forged = Request::new(());
    forged.metadata_mut().insert("authorization", "Bearer a.b.c".parse().unwrap());
    let refused = unary(channel.clone(), forged, WAIT).await.unwrap_err();
    assert_eq!(refused.get_details_error_info().unwrap().reason, "TOKEN_MALFORMED");

    server.slow.release.add_permits(1);
    let mut request = server.request();
    let journey = "7f0c5b3e-0000-4000-8000-000000000001";
    request.metadata_mut().insert("correlation-id", journey.parse().unwrap());
    let answer = unary(channel, request, WAIT).await.unwrap();
    assert_eq!(answer.metadata().get("actor").unwrap(), "teacher-7");
    assert_eq!(answer.metadata().get("correlation").unwrap(), journey);
}

#[tokio::test]
async fn health_and_reflection_need_no_token() {
    let server = Running::start(5).await;
    let channel = server.channel().await;
    let check = HealthCheckRequest { service: "test.v1.Slow".to_owned() };
    let mut health = HealthClient::new(channel.clone());
    let mut watch = health.watch(check.clone()).await.unwrap().into_inner();
    while watch.message().await.unwrap().unwrap().status != SERVING {}
    server.readiness.set("schema", Err("schema 3, needs 1..=2".to_owned()));
    assert_eq!(watch.message().await.unwrap().unwrap().status, NOT_SERVING);

    let list = ServerReflectionRequest {
        message_request: Some(MessageRequest::ListServices(String::new())),
        ..ServerReflectionRequest::default()
    };
    let mut reflection = ServerReflectionClient::new(channel);
    let answers = reflection.server_reflection_info(tokio_stream::iter([list])).await.unwrap();
    let answer = answers.into_inner().message().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(services) = answer else { panic!("{answer:?}") };
    assert!(services.service.iter().any(|service| service.name == "test.v1.Slow"));
}

#[tokio::test]
async fn started_ready_and_alive_are_three_questions() {
    let server = Running::start(5).await;
    let _connected = server.channel().await;
    while server.probe("/started").await.0 != 200 {}
    assert_eq!(server.probe("/ready").await.0, 200);
    server.readiness.set("evidence.schema", Err("schema 3, needs 1..=2".to_owned()));
    let (status, body) = server.probe("/ready").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 503);
    assert_eq!(body["not_ready"]["evidence.schema"], "schema 3, needs 1..=2");
    assert_eq!(server.probe("/started").await.0, 200);
    assert_eq!(server.probe("/alive").await, (200, "alive\n".to_owned()));
    server.readiness.set("evidence.schema", Ok(()));
    assert_eq!(server.probe("/ready").await.0, 200);
}

#[tokio::test]
async fn a_drain_lets_a_call_in_flight_finish() {
    let mut server = Running::start(600).await;
    let channel = server.channel().await;
    let call = tokio::spawn(unary(channel, server.request(), WAIT));
    server.entered().await;
    server.stop();
    // The health port answers throughout, and sends new callers elsewhere.
    while server.probe("/ready").await.0 == 200 {}
    let (_, body) = server.probe("/ready").await;
    assert!(body.contains("\"draining\":true"), "{body}");
    assert_eq!(server.probe("/alive").await.0, 200);
    server.slow.release.add_permits(1);
    assert!(call.await.unwrap().is_ok());
    assert_eq!(server.ended().await, Drained::InTime);
}

#[tokio::test]
async fn at_the_deadline_calls_and_streams_are_told_and_counted() {
    let mut server = Running::start(0).await;
    let channel = server.channel().await;
    let call = tokio::spawn(unary(channel.clone(), server.request(), WAIT));
    server.entered().await;
    let mut stream = streaming(channel, server.request(), "/test.v1.Slow/Follow").await.unwrap();
    assert!(stream.message().await.unwrap().is_some());
    server.entered().await;
    server.stop();
    for status in [call.await.unwrap().unwrap_err(), stream.message().await.unwrap_err()] {
        assert_eq!(status.code(), Code::Unavailable);
        assert_eq!(status.get_details_error_info().unwrap().reason, "SERVER_STOPPING");
    }
    assert_eq!(server.ended().await, Drained::Cut { calls: 2 });
}

#[tokio::test]
async fn streams_that_notice_the_drain_do_not_hold_it() {
    let mut server = Running::start(600).await;
    let channel = server.channel().await;
    let path = "/test.v1.Slow/FollowUntilDrain";
    let mut stream = streaming(channel.clone(), server.request(), path).await.unwrap();
    assert!(stream.message().await.unwrap().is_some());
    server.entered().await;
    let mut health = HealthClient::new(channel);
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert!(watch.message().await.unwrap().is_some());
    server.stop();
    assert!(stream.message().await.unwrap().is_none());
    while let Ok(Some(_)) = watch.message().await {}
    assert_eq!(server.ended().await, Drained::InTime);
}

#[tokio::test]
async fn calls_are_measured_by_method_and_status_and_strangers_get_no_label() {
    let server = Running::start(5).await;
    let channel = server.channel().await;
    server.slow.release.add_permits(1);
    unary(channel.clone(), server.request(), WAIT).await.unwrap();
    let nonsense = "/test.v1.Slow/Nonsense";
    let refused = unary(channel.clone(), server.request(), nonsense).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented);
    let (status, text) = server.probe("/metrics").await;
    assert_eq!(status, 200);
    let counted = |method: &str, status: &str| {
        text.lines().any(|line| {
            line.starts_with("rpc_server_call_duration_seconds_count{")
                && line.contains(&format!("rpc_method=\"{method}\""))
                && line.contains(&format!("rpc_response_status_code=\"{status}\""))
        })
    };
    assert!(counted("test.v1.Slow/Wait", "OK"), "{text}");
    assert!(counted("_OTHER", "UNIMPLEMENTED"), "{text}");
    assert!(!text.contains("Nonsense"), "{text}");
}

#[tokio::test]
async fn a_caller_who_goes_away_ends_the_call() {
    let mut server = Running::start(600).await;
    let channel = server.channel().await;
    let path = "/test.v1.Slow/Follow";
    let mut stream = streaming(channel, server.request(), path).await.unwrap();
    assert!(stream.message().await.unwrap().is_some());
    drop(stream);
    server.stop();
    let cancelled = |text: &str| {
        text.lines().any(|line| {
            line.contains("test.v1.Slow/Follow") && line.contains("status_code=\"CANCELLED\"")
        })
    };
    while !cancelled(&northstar_telemetry::prometheus_text()) {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.ended().await, Drained::InTime);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let server = Running::start(5).await;
    let config = ServerConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        health: server.api,
        drain_seconds: 0,
    };
    let error = Listeners::bind(&config).await.err().unwrap().to_string();
    assert!(error.starts_with("server.health: cannot listen on 127.0.0.1:"), "{error}");
}
