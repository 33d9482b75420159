//! Traces, metrics and logs: OTLP out, Prometheus in.
//!
//! [`init`] is called once by the binary; everything else works without it, so that a test or a
//! tool needs no set-up. No learner's id may enter a span name, an attribute, a label or a line of
//! log: tenants and consumers are named, people never.

mod config;
mod export;
mod guard;
mod init;
pub mod metrics;
pub mod names;
mod pipeline;
pub mod trace;

pub use config::{LogFormat, TelemetryConfig};
pub use guard::{Guard, Unflushed};
pub use init::{InitError, init};
pub use pipeline::prometheus_text;
pub use trace::{continue_from, current_traceparent, link_to};
