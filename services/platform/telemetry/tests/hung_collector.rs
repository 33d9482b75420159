//! A collector that accepts and never answers must not hold the end of a process.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use northstar_telemetry::{TelemetryConfig, Unflushed, init};

#[test]
fn the_end_comes_at_the_deadline() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let config = TelemetryConfig { otlp_endpoint: Some(endpoint), ..TelemetryConfig::default() };
    let guard = init(&config).unwrap();
    tracing::info_span!("work").in_scope(|| tracing::info!("done"));
    assert!(init(&config).is_err(), "it is set up once");

    let deadline = Duration::from_millis(50);
    let began = Instant::now();
    assert_eq!(guard.finish(deadline), Err(Unflushed::Deadline(deadline)));
    // Far below what three exporters with their repetitions would take.
    assert!(began.elapsed() < Duration::from_secs(3));
}
