//! The plain HTTP port: probes and metrics, without tokens.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use super::Readiness;

/// The media type of Prometheus' text format.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn routes(readiness: Readiness) -> Router {
    let started = readiness.clone();
    Router::new()
        .route("/started", get(async move || answer_started(&started)))
        .route("/ready", get(async move || answer_ready(&readiness)))
        .route("/alive", get(async || "alive\n"))
        .route("/metrics", get(metrics))
}

fn answer_started(readiness: &Readiness) -> Response {
    if readiness.state().started {
        "started\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "starting\n").into_response()
    }
}

fn answer_ready(readiness: &Readiness) -> Response {
    let state = readiness.state();
    let body = json!({
        "ready": state.ready(),
        "started": state.started,
        "draining": state.draining,
        "not_ready": state.failing,
    });
    let status = if state.ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

async fn metrics() -> Response {
    ([(CONTENT_TYPE, METRICS)], northstar_telemetry::prometheus_text()).into_response()
}
