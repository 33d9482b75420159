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

#[cfg(test)]
mod tests {
    use northstar_eventlog::Text;
    use northstar_telemetry::current_traceparent;
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::samples;

    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// The traceparents of publishing and handling an event that was caused by `origin`.
    fn hops(origin: &'static str) -> [Option<String>; 2] {
        let event = Recorded { traceparent: Text::from(origin), ..samples::event(1) };
        let tracer = SdkTracerProvider::builder().build().tracer("test");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            let spans = [publishing("evidence", &event), handling("mastery.levels", &event)];
            spans.map(|span| span.in_scope(current_traceparent))
        })
    }

    #[test]
    fn a_sampled_trace_goes_on_through_relay_and_consumer() {
        let hops = hops(TRACE).map(Option::unwrap);
        for hop in &hops {
            assert_eq!(trace::trace_id(hop), trace::trace_id(TRACE));
            assert_ne!(hop, TRACE);
        }
        assert_ne!(hops[0], hops[1]);
    }

    #[test]
    fn what_nobody_traces_has_no_hops() {
        for origin in [
            "",
            "nonsense",
            &TRACE[..52],
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        ] {
            assert_eq!(hops(origin), [None, None], "{origin}");
        }
    }
}
