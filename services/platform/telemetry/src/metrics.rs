//! What is measured, as one function a measurement.
//!
//! Labels are contexts, consumers, shards and RPC methods: sets that a caller cannot enlarge.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter};

use crate::names;
use crate::pipeline::Pipeline;

/// Upper bounds in seconds: dense around a local call, wide enough for a stalled one.
const CALL_SECONDS: [f64; 13] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Upper bounds in seconds for what passes through several services.
const JOURNEY_SECONDS: [f64; 12] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

pub(crate) struct Instruments {
    calls: Histogram<f64>,
    published: Counter<u64>,
    handled: Counter<u64>,
    parked: Gauge<u64>,
    lag: Gauge<f64>,
    evidence_to_mastery: Histogram<f64>,
}

impl Instruments {
    pub(crate) fn new(meter: &Meter) -> Self {
        let counter =
            |name, about| meter.u64_counter(name).with_unit("{event}").with_description(about);
        let gauge =
            |name, about| meter.u64_gauge(name).with_unit("{event}").with_description(about);
        let seconds = |name, about, bounds: &[f64]| {
            let builder = meter.f64_histogram(name).with_unit("s").with_description(about);
            builder.with_boundaries(bounds.to_vec()).build()
        };
        Self {
            calls: seconds(names::RPC_SERVER_CALL_DURATION, "Time to serve an RPC", &CALL_SECONDS),
            published: counter(names::EVENTS_PUBLISHED, "Events published by the relay").build(),
            handled: counter(names::EVENTS_HANDLED, "Events handled by a consumer").build(),
            parked: gauge(names::EVENTS_PARKED, "Events set aside by a consumer").build(),
            lag: meter
                .f64_gauge(names::CONSUMER_LAG)
                .with_unit("s")
                .with_description("Age of the event that a consumer has handled last")
                .build(),
            evidence_to_mastery: seconds(
                names::EVIDENCE_TO_MASTERY,
                "From evidence recorded to the mastery event it caused",
                &JOURNEY_SECONDS,
            ),
        }
    }
}

fn instruments() -> &'static Instruments {
    &Pipeline::current().instruments
}

/// A call of `method` (`package.Service/Method`) ended with `status` (`OK`) after `elapsed`.
pub fn rpc_served(method: Arc<str>, status: &'static str, elapsed: Duration) {
    let labels = [
        KeyValue::new(names::RPC_SYSTEM, "grpc"),
        KeyValue::new(names::RPC_METHOD, method),
        KeyValue::new(names::RPC_STATUS, status),
    ];
    instruments().calls.record(elapsed.as_secs_f64(), &labels);
}

/// `events` more of the log of `context` were published.
pub fn published(context: &'static str, events: u64) {
    instruments().published.add(events, &[KeyValue::new(names::CONTEXT, context)]);
}

/// `consumer` handled `events` more.
pub fn handled(consumer: &'static str, events: u64) {
    instruments().handled.add(events, &[KeyValue::new(names::CONSUMER, consumer)]);
}

/// `consumer` has `events` of `shard` set aside at present.
pub fn parked(consumer: &'static str, shard: u16, events: u64) {
    let labels =
        [KeyValue::new(names::CONSUMER, consumer), KeyValue::new(names::SHARD, i64::from(shard))];
    instruments().parked.record(events, &labels);
}

/// The event of `source` that `consumer` has handled last was `age` old by then.
pub fn lag(consumer: &'static str, source: &'static str, shard: u16, age: Duration) {
    let labels = [
        KeyValue::new(names::CONSUMER, consumer),
        KeyValue::new(names::SOURCE, source),
        KeyValue::new(names::SHARD, i64::from(shard)),
    ];
    instruments().lag.record(age.as_secs_f64(), &labels);
}

/// An item of evidence took `elapsed` from its recording to the mastery event it caused.
pub fn evidence_to_mastery(elapsed: Duration) {
    instruments().evidence_to_mastery.record(elapsed.as_secs_f64(), &[]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prometheus_text;

    /// The value of the sample whose line starts with `name` and holds all of `labels`.
    fn sample(text: &str, name: &str, labels: &[&str]) -> Option<String> {
        text.lines()
            .filter(|line| line.starts_with(name))
            .find(|line| labels.iter().all(|label| line.contains(label)))
            .and_then(|line| line.rsplit(' ').next())
            .map(str::to_owned)
    }

    #[test]
    fn what_is_measured_can_be_scraped_under_its_documented_name() {
        rpc_served("a.B/C".into(), "OK", Duration::from_millis(3));
        rpc_served("a.B/C".into(), "NOT_FOUND", Duration::from_millis(3));
        published("evidence", 3);
        published("evidence", 4);
        handled("mastery.levels", 1);
        parked("mastery.levels", 7, 1);
        lag("mastery.levels", "evidence", 7, Duration::from_secs(9));
        lag("mastery.levels", "evidence", 7, Duration::from_secs(5));
        evidence_to_mastery(Duration::from_millis(20));
        let text = prometheus_text();
        let ok = ["rpc_method=\"a.B/C\"", "rpc_response_status_code=\"OK\""];
        let expected: [(&str, &[&str], &str); 7] = [
            ("rpc_server_call_duration_seconds_count", &ok, "1"),
            ("rpc_server_call_duration_seconds_bucket", &[ok[0], ok[1], "le=\"0.0025\""], "0"),
            ("rpc_server_call_duration_seconds_bucket", &[ok[0], ok[1], "le=\"0.005\""], "1"),
            ("northstar_events_published_total", &["context=\"evidence\""], "7"),
            ("northstar_events_parked", &["consumer=\"mastery.levels\"", "shard=\"7\""], "1"),
            ("northstar_consumer_lag_seconds", &["source=\"evidence\"", "shard=\"7\""], "5"),
            ("northstar_evidence_to_mastery_seconds_count", &[], "1"),
        ];
        for (name, labels, value) in expected {
            assert_eq!(sample(&text, name, labels).as_deref(), Some(value), "{name}\n{text}");
        }
    }
}
