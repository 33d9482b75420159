//! One trace, from a caller through the server to a collector.

#[cfg(test)]
#[path = "support/collector.rs"]
mod collector;
#[cfg(test)]
#[path = "support/running.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod running;
#[cfg(test)]
#[path = "support/slow.rs"]
mod slow;

use std::time::Duration;

use collector::Collector;
use northstar_chassis::server::Drained;
use northstar_telemetry::{TelemetryConfig, init};
use running::{Running, unary};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_continues_its_callers_trace_and_is_seen_by_the_collector() {
    let collector = Collector::start().await;
    let telemetry = init(&TelemetryConfig {
        otlp_endpoint: Some(collector.endpoint()),
        service_name: "test".to_owned(),
        ..TelemetryConfig::default()
    })
    .unwrap();
    let mut server = Running::start(600).await;
    server.slow.release.add_permits(1);
    let mut request = server.request();
    let traceparent = format!("00-{TRACE}-{CALLER}-01").parse().unwrap();
    request.metadata_mut().insert("traceparent", traceparent);
    let answer = unary(server.channel().await, request, "/test.v1.Slow/Wait").await.unwrap();
    let stored = answer.metadata().get("trace").unwrap().to_str().unwrap().to_owned();
    server.stop();
    assert_eq!(server.ended().await, Drained::InTime);
    tokio::task::spawn_blocking(move || telemetry.finish(Duration::from_secs(60)))
        .await
        .unwrap()
        .unwrap();

    let span = collector.span("test.v1.Slow/Wait");
    assert_eq!(span.trace_id, TRACE);
    assert_eq!(span.parent_span_id, CALLER);
    assert!(span.links.is_empty(), "its caller is its parent");
    assert!(span.attributes.contains(&("rpc.response.status_code".to_owned(), "OK".to_owned())));
    assert!(span.attributes.contains(&("rpc.system.name".to_owned(), "grpc".to_owned())));
    assert_eq!(stored, format!("00-{TRACE}-{}-01", span.span_id), "what an event would record");
    assert_eq!(collector.trace_of_log("waiting").as_deref(), Some(TRACE));
    assert!(collector.metrics().contains(&"rpc.server.call.duration".to_owned()));
}
