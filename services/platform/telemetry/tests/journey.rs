//! What a consumer does belongs to the trace of the event it handles.

#[cfg(test)]
#[path = "../../chassis/tests/support/collector.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod collector;

use std::time::Duration;

use collector::Collector;
use northstar_telemetry::{TelemetryConfig, continue_from, current_traceparent, init, link_to};

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_on_after_the_log() {
    let collector = Collector::start().await;
    let guard = init(&TelemetryConfig {
        otlp_endpoint: Some(collector.endpoint()),
        ..TelemetryConfig::default()
    })
    .unwrap();

    let stored = tracing::info_span!("call").in_scope(|| current_traceparent().unwrap());
    let handle = tracing::info_span!("handle");
    continue_from(&handle, &stored);
    handle.in_scope(|| tracing::info!("handled"));
    let relay = tracing::info_span!("relay");
    link_to(&relay, &stored);
    relay.in_scope(|| tracing::info!("published"));
    let lost = tracing::info_span!("lost");
    continue_from(&lost, "nonsense");
    drop((handle, relay, lost));
    tokio::task::spawn_blocking(move || guard.finish(Duration::from_secs(60)))
        .await
        .unwrap()
        .unwrap();

    let call = collector.span("call");
    let handle = collector.span("handle");
    assert_eq!(stored, format!("00-{}-{}-01", call.trace_id, call.span_id));
    assert_eq!((&handle.trace_id, &handle.parent_span_id), (&call.trace_id, &call.span_id));
    assert_eq!(collector.trace_of_log("handled"), Some(call.trace_id.clone()));
    let relay = collector.span("relay");
    assert_ne!(relay.trace_id, call.trace_id);
    assert_eq!(relay.links, [(call.trace_id.clone(), call.span_id.clone())]);
    assert_ne!(collector.span("lost").trace_id, call.trace_id);
}
