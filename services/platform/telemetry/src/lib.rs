//! Traces, metrics and logs: OTLP out, Prometheus in.
