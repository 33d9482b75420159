//! Where an event's trace goes on behind the log. Only sampled traces cost anything.

use northstar_eventlog::Recorded;
use northstar_telemetry::{continue_from, trace};
use tracing::{Span, info_span};

/// The handling of an event by a consumer, as part of the event's own trace.
pub(crate) fn handling(consumer: &'static str, event: &Recorded) -> Span {
    if !trace::is_sampled(&event.traceparent) {
        return Span::none();
    }
    let name = format!("process {consumer}");
    let span = info_span!("process", otel.name = name, otel.kind = "consumer", consumer);
    continue_from(&span, &event.traceparent);
    span
}

/// The publishing of an event of a context, as part of the event's own trace.
pub(crate) fn publishing(context: &'static str, event: &Recorded) -> Span {
    if !trace::is_sampled(&event.traceparent) {
        return Span::none();
    }
    let name = format!("send northstar.{context}");
    let span = info_span!("send", otel.name = name, otel.kind = "producer", context);
    continue_from(&span, &event.traceparent);
    span
}
